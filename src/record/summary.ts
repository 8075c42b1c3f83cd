/** @file A study at a glance: its progress, its best trial and its final training, derived from its log. */
import type { Json } from '../json.js';
import type { StudyConfiguration } from './configuration.js';
import type { SearchEnd, StudyEvent } from './event.js';
import { countTrials, type TrialCounts, type TrialRecord, trialsOf } from './trial.js';
import { winnerOf } from './winner.js';

export interface StudySummary {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly configuration: StudyConfiguration;
  /** `running` while a process works on it, `finished` when nothing is left to do, else `stopped`: it can be resumed. */
  readonly state: 'running' | 'finished' | 'stopped';
  readonly trials: TrialCounts;
  readonly best: TrialRecord | null;
  /** Why the search asked no further trials; `null` while it has more to ask. */
  readonly searchEnd: SearchEnd | null;
  /** What the final training of the winner gave, `null` before. */
  readonly final: Json | null;
  /** Wall-clock seconds that processes worked on the study, over all its sessions. */
  readonly seconds: number;
}

/** Sums up one study. `live` says whether a process works on it at this moment. */
export function summarize(
  study: { readonly name: string; readonly created: number; readonly configuration: StudyConfiguration },
  events: readonly StudyEvent[],
  live: boolean,
): StudySummary {
  const { name, created, configuration } = study;
  const trials = trialsOf(events, live);
  const last = events.at(-1);
  const finished = last?.kind === 'closed' && last.ending === 'finished';
  return {
    name,
    created,
    configuration,
    state: live ? 'running' : finished ? 'finished' : 'stopped',
    trials: countTrials(trials),
    best: winnerOf(trials, configuration),
    searchEnd: searchEndOf(events),
    final: finalOf(events),
    seconds: workedSeconds(events),
  };
}

/** Why the search asked no further trials, or `null`. */
export function searchEndOf(events: readonly StudyEvent[]): SearchEnd | null {
  for (const event of events) if (event.kind === 'search-ended') return event.because;
  return null;
}

/** The recorded result of the final training, or `null`. */
export function finalOf(events: readonly StudyEvent[]): Json | null {
  for (const event of events) if (event.kind === 'final-completed') return event.result;
  return null;
}

/**
 * Seconds that processes worked on the study: each session from its opening to its last event. What a killed session
 * did after its last event is not known and not counted.
 */
export function workedSeconds(events: readonly StudyEvent[]): number {
  let total = 0;
  let opened: number | undefined;
  let last = 0;
  for (const event of events) {
    if (event.kind === 'opened') {
      if (opened !== undefined) total += Math.max(0, last - opened);
      opened = event.at;
    }
    last = event.at;
  }
  if (opened !== undefined) total += Math.max(0, last - opened);
  return total / 1000;
}
