/** @file Trials as the log tells them: every state is derived from the events, none is stored. */
import type { CurvePoint } from '../evaluation/evaluation.js';
import type { Json } from '../json.js';
import type { CandidateCost, StudyEvent } from './event.js';

/**
 * `running` while a process works on the study, `interrupted` when it stopped before the trial was done: such a trial
 * is asked again when the study goes on. The other four states are final.
 */
type TrialState = 'running' | 'completed' | 'failed' | 'pruned' | 'infeasible' | 'interrupted';

export interface TrialRecord {
  /** 0, 1, 2, … in the order of the strategy's proposals. */
  readonly number: number;
  readonly state: TrialState;
  readonly architecture: Json;
  /** The share of a full evaluation that it was given, in (0, 1]. */
  readonly budget: number;
  /** Empty until the trial is completed. */
  readonly metrics: { readonly [name: string]: number };
  /** Higher is better; `null` until the trial is completed. */
  readonly score: number | null;
  readonly cost: CandidateCost;
  readonly curve: readonly CurvePoint[];
  /** Wall-clock seconds of the evaluation, `null` until it is done. */
  readonly seconds: number | null;
  /** Why the trial failed, was pruned or is infeasible. */
  readonly reason: string | null;
  readonly seed: number;
}

/** The trials of a study, by number. `live` says whether a process works on it at this moment. */
export function trialsOf(events: readonly StudyEvent[], live: boolean): TrialRecord[] {
  const trials = new Map<number, TrialRecord>();
  const change = (number: number, changes: Partial<TrialRecord>) => {
    const trial = trials.get(number);
    if (trial) trials.set(number, { ...trial, ...changes });
  };
  for (const event of events) {
    switch (event.kind) {
      case 'asked':
        trials.set(event.trial, {
          number: event.trial,
          state: 'running',
          architecture: event.architecture,
          budget: event.budget ?? 1,
          metrics: {},
          score: null,
          cost: event.cost,
          curve: [],
          seconds: null,
          reason: null,
          seed: event.seed,
        });
        break;
      case 'started':
        change(event.trial, { state: 'running', curve: [] });
        break;
      case 'point':
        change(event.trial, { curve: [...(trials.get(event.trial)?.curve ?? []), event.point] });
        break;
      case 'completed':
        change(event.trial, {
          state: 'completed',
          score: event.score,
          metrics: event.metrics,
          seconds: event.seconds,
        });
        break;
      case 'failed':
      case 'pruned':
        change(event.trial, { state: event.kind, reason: event.reason, seconds: event.seconds });
        break;
      case 'infeasible':
        change(event.trial, { state: 'infeasible', reason: event.reason });
        break;
      case 'interrupted':
        change(event.trial, { state: 'interrupted' });
        break;
    }
  }
  const records = [...trials.values()].sort((a, b) => a.number - b.number);
  if (live) return records;
  return records.map((trial) => (trial.state === 'running' ? { ...trial, state: 'interrupted' } : trial));
}

/** Whether nothing more will be recorded about the trial. */
export const isOver = (trial: TrialRecord): boolean => trial.state !== 'running' && trial.state !== 'interrupted';

export type TrialCounts = { readonly [State in TrialState]: number };

/** How many trials are in each state. */
export function countTrials(trials: readonly TrialRecord[]): TrialCounts {
  const counts = { running: 0, completed: 0, failed: 0, pruned: 0, infeasible: 0, interrupted: 0 };
  for (const trial of trials) counts[trial.state]++;
  return counts;
}
