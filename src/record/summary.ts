/** @file A study at a glance: its progress, its best trial and its final training, derived from its log event by event. */
import type { Json } from '../json.js';
import type { StudyConfiguration } from './configuration.js';
import type { SearchEnd, StudyEvent } from './event.js';
import { type PreparationRecord, preparationAfter } from './preparation.js';
import { countTrials, fold, interrupted, type TrialCounts, type TrialRecord, type Trials } from './trial.js';
import { winnerOf } from './winner.js';

/** What the log of a study tells up to some event. */
export interface StudyState {
  /** Those without an outcome are running, as far as the log knows. */
  readonly trials: Trials;
  /** Why the search asked no further trials; `null` while it has more to ask. */
  readonly searchEnd: SearchEnd | null;
  /** The making of what all trials share; `null` where it never began. */
  readonly preparation: PreparationRecord | null;
  /** What the final training of the winner gave, `null` before. */
  readonly final: Json | null;
  /** Whether the last session ended with nothing left to do. */
  readonly finished: boolean;
  /** Of the sessions before the last one. */
  readonly earlierSeconds: number;
  /** The last session; `null` before the first. */
  readonly session: { readonly opened: number; readonly seconds: number } | null;
}

/** A study whose log is empty. */
export const emptyStudy: StudyState = {
  trials: [],
  searchEnd: null,
  preparation: null,
  final: null,
  finished: false,
  earlierSeconds: 0,
  session: null,
};

/**
 * The study after further events: each event is looked at once, however often a reader looks.
 *
 * @throws {RangeError} where an event cannot follow, as `step` of trials
 */
export function advance(state: StudyState, events: readonly StudyEvent[]): StudyState {
  return { ...events.reduce(besideTrials, state), trials: fold(state.trials, events) };
}

function besideTrials(state: StudyState, event: StudyEvent): StudyState {
  const finished = event.kind === 'closed' && event.ending === 'finished';
  const preparation = preparationAfter(state.preparation, event);
  const timed = withTime({ ...state, finished, preparation }, event);
  if (event.kind === 'search-ended') return { ...timed, searchEnd: timed.searchEnd ?? event.because };
  if (event.kind === 'final-completed') return { ...timed, final: timed.final ?? event.result };
  return timed;
}

/** A session lasts from its opening to its last event: what a killed one did after that is not known and not counted. */
function withTime(state: StudyState, event: StudyEvent): StudyState {
  if (event.kind === 'opened') {
    return { ...state, earlierSeconds: workedSeconds(state), session: { opened: event.at, seconds: 0 } };
  }
  if (state.session === null) return state;
  const { opened, seconds } = state.session;
  return { ...state, session: { opened, seconds: event.elapsed ?? Math.max(seconds, (event.at - opened) / 1000) } };
}

/** Seconds that processes worked on the study, over all its sessions. */
export const workedSeconds = ({ earlierSeconds, session }: StudyState): number =>
  earlierSeconds + (session?.seconds ?? 0);

/** A study in a few numbers, as its events tell. */
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
  /** Seconds that processes worked on the study, over all its sessions. */
  readonly seconds: number;
}

/** Sums up one study. `live` says whether a process works on it at this moment. */
export function summarize(
  study: { readonly name: string; readonly created: number; readonly configuration: StudyConfiguration },
  state: StudyState,
  live: boolean,
): StudySummary {
  const { name, created, configuration } = study;
  const { searchEnd, final, finished } = state;
  const trials = live ? state.trials : interrupted(state.trials);
  return {
    name,
    created,
    configuration,
    state: live ? 'running' : finished ? 'finished' : 'stopped',
    trials: countTrials(trials),
    best: winnerOf(trials, configuration),
    searchEnd,
    final,
    seconds: workedSeconds(state),
  };
}
