/** @file Trials as the log tells them: every state is derived from the events, none is stored. */

import type { Artifacts } from '../evaluation/artifact.js';
import type { Json } from '../json.js';
import type { Point } from '../training/curve.js';
import type { CandidateCost, Happening, StoppingJudgement } from './event.js';

/**
 * `running` while a process works on the study, `interrupted` when it stopped before the trial was done: such a trial
 * is asked again when the study goes on. The other five states are final.
 */
type TrialState = 'running' | 'completed' | 'failed' | 'pruned' | 'infeasible' | 'lost' | 'interrupted';

/** A trial as the events tell it. */
export interface TrialRecord {
  /** 0, 1, 2, … in the order of the strategy's proposals. */
  readonly number: number;
  readonly state: TrialState;
  readonly architecture: Json;
  /** The share of a full evaluation that it was given, in (0, 1]. */
  readonly fidelity: number;
  /** The trial that it goes on from, or from whose architecture it descends; `null` for none. */
  readonly parent: number | null;
  /** Empty until the trial is completed. */
  readonly metrics: { readonly [name: string]: number };
  /** Higher is better; `null` until the trial is completed. */
  readonly score: number | null;
  /** What is known of the candidate: counted before the trial, measured in it. */
  readonly cost: CandidateCost;
  /** How many layers its network has; `null` where that is not known. */
  readonly layers: number | null;
  /** What a stopping rule held of it when it was stopped, or would have been; `null` where none did. */
  readonly judgement: (StoppingJudgement & { readonly letRun: boolean }) | null;
  /** What a later trial may go on from. */
  readonly artifacts: Artifacts;
  /** How often its process was killed or its worker vanished. */
  readonly losses: number;
  readonly curve: readonly Point[];
  /** Wall-clock seconds of the evaluation, `null` until it is done. */
  readonly seconds: number | null;
  /** Why the trial failed, was pruned, is infeasible or lost. */
  readonly reason: string | null;
  readonly seed: number;
}

/** The trials of a study; each stands at its number. A value: what changes is a new list that shares the other trials. */
export type Trials = readonly TrialRecord[];

/**
 * The trials after one more event; the same list where the event changes none.
 *
 * @throws {RangeError} where the event cannot follow: a trial is asked out of turn, or was never asked
 */
export const step = (trials: Trials, event: Happening): Trials => fold(trials, [event]);

/**
 * The trials after many events, as `step` after `step` gives them, but copied only once.
 *
 * @throws {RangeError} where `step` does
 */
export function fold(trials: Trials, events: Iterable<Happening>): Trials {
  let next: TrialRecord[] | undefined;
  for (const event of events) {
    const changed = trialAfter(next ?? trials, event);
    if (changed === undefined) continue;
    next ??= [...trials];
    next[changed.number] = changed;
  }
  return next ?? trials;
}

/** What is not known of a trial when it is asked. */
const blank = {
  metrics: {},
  score: null,
  curve: [],
  seconds: null,
  reason: null,
  judgement: null,
  artifacts: {},
  losses: 0,
};

/** The trial that an event concerns, as it is afterwards; `undefined` where it concerns none. */
function trialAfter(trials: Trials, event: Happening): TrialRecord | undefined {
  switch (event.kind) {
    case 'asked': {
      if (event.trial !== trials.length) {
        throw new RangeError(`trial ${event.trial} is asked where trial ${trials.length} is next`);
      }
      const { trial: number, architecture, fidelity = 1, parent = null, cost, layers = null, seed } = event;
      const known = { number, architecture, fidelity, parent, cost, layers, seed };
      return { ...known, ...blank, state: 'running' };
    }
    case 'started':
      return { ...numbered(trials, event.trial), state: 'running', curve: [], judgement: null };
    case 'point': {
      const trial = numbered(trials, event.trial);
      return { ...trial, curve: [...trial.curve, event.point] };
    }
    case 'completed': {
      const { score, metrics, seconds, artifacts = {} } = event;
      const trial = numbered(trials, event.trial);
      return {
        ...trial,
        state: 'completed',
        score,
        metrics,
        seconds,
        artifacts,
        cost: { ...trial.cost, ...event.costs },
      };
    }
    case 'failed':
      return { ...numbered(trials, event.trial), state: 'failed', reason: event.reason, seconds: event.seconds };
    case 'pruned': {
      const { reason, seconds, judgement } = event;
      const judged = judgement === undefined ? null : { ...judgement, letRun: false };
      return { ...numbered(trials, event.trial), state: 'pruned', reason, seconds, judgement: judged };
    }
    case 'let-run':
      return { ...numbered(trials, event.trial), judgement: { ...event.judgement, letRun: true } };
    case 'infeasible': {
      const trial = numbered(trials, event.trial);
      return { ...trial, state: 'infeasible', reason: event.reason, cost: { ...trial.cost, ...event.costs } };
    }
    case 'lost': {
      const trial = numbered(trials, event.trial);
      const losses = trial.losses + 1;
      const { reason, seconds } = event;
      return event.again ? { ...trial, losses } : { ...trial, losses, state: 'lost', reason, seconds };
    }
    case 'interrupted':
      return { ...numbered(trials, event.trial), state: 'interrupted' };
    default:
      return undefined;
  }
}

function numbered(trials: Trials, number: number): TrialRecord {
  const trial = trials[number];
  if (trial === undefined) throw new RangeError(`trial ${number} was never asked`);
  return trial;
}

/** The trials as they stand when no process works on the study: what was running is interrupted. */
export const interrupted = (trials: Trials): Trials =>
  trials.map((trial) => (trial.state === 'running' ? { ...trial, state: 'interrupted' } : trial));

/** Whether nothing more will be recorded about the trial. */
export const isOver = (trial: TrialRecord): boolean => trial.state !== 'running' && trial.state !== 'interrupted';

/** How many trials are in each state. */
export type TrialCounts = { readonly [State in TrialState]: number };

/** How many trials are in each state. */
export function countTrials(trials: Trials): TrialCounts {
  const counts = { running: 0, completed: 0, failed: 0, pruned: 0, infeasible: 0, lost: 0, interrupted: 0 };
  for (const trial of trials) counts[trial.state]++;
  return counts;
}
