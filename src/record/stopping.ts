/** @file What a stopping rule saved in a study, and how often it would have been wrong. */
import type { TrialRecord } from './trial.js';

/** What a stopping rule did. */
export interface StoppingSummary {
  /** Trials that were stopped. */
  readonly stopped: number;
  /** Trials that should have been stopped and were let run, to their end. */
  readonly letRun: number;
  /** Those of them that beat what they were held to be unlikely to beat: stopping them would have been wrong. */
  readonly wrong: number;
  /** Epochs that stopped trials had left, of as many as completed trials of their fidelity had. */
  readonly savedEpochs: number;
  /** Seconds that these would have taken at each trial's own pace. */
  readonly savedSeconds: number;
}

/** What the stopping rule did in a study, as its trials tell. */
export function stoppingSummaryOf(trials: readonly TrialRecord[]): StoppingSummary {
  const wholes = new Map<number, number>();
  for (const { state, fidelity, curve } of trials) {
    if (state === 'completed') wholes.set(fidelity, Math.max(wholes.get(fidelity) ?? 0, curve.at(-1)?.epoch ?? 0));
  }
  const stopped = trials.filter(({ state }) => state === 'pruned');
  const saved = stopped.map((trial) => savingOf(trial, wholes.get(trial.fidelity) ?? 0));
  const tried = trials.filter(({ state, judgement }) => state === 'completed' && judgement?.letRun);
  const wrong = tried.filter(
    ({ score, judgement }) => (score ?? Number.NaN) > (judgement?.bar ?? Number.NEGATIVE_INFINITY),
  );
  return {
    stopped: stopped.length,
    letRun: tried.length,
    wrong: wrong.length,
    savedEpochs: saved.reduce((sum, { epochs }) => sum + epochs, 0),
    savedSeconds: saved.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** A curve may begin late: that of a trial that went on from a checkpoint. */
function savingOf({ curve }: TrialRecord, whole: number): { readonly epochs: number; readonly seconds: number } {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined) return { epochs: 0, seconds: 0 };
  const epochs = Math.max(0, whole - last.epoch);
  const done = last.epoch - Math.ceil(first.epoch) + 1;
  return { epochs, seconds: (epochs * last.seconds) / done };
}
