/** @file Stopping by predicted curves, on curves whose ends follow from their beginnings. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.js';
import { stoppingNamed } from './registry.js';
import type { LearningCurve, StoppingVerdict } from './stopping.js';

/** A curve that rises to `end` over ten epochs, with little noise. */
function curve(trial: number, end: number, changes: Partial<LearningCurve> = {}): LearningCurve {
  const random = new Random(trial);
  const points = Array.from({ length: 10 }, (_, index) => {
    const value = end * (1 - Math.exp(-(index + 1) / 3)) + 0.002 * random.normal();
    return { epoch: index + 1, value, values: { validAccuracy: value, trainLoss: 1 - value } };
  });
  return { trial, fidelity: 1, isComplete: true, score: end, facts: { params: 100 * end }, points, ...changes };
}

const upTo = (whole: LearningCurve, count: number): LearningCurve => ({
  ...whole,
  isComplete: false,
  score: null,
  points: whole.points.slice(0, count),
});

const ends = Array.from({ length: 12 }, (_, trial) => 0.4 + 0.04 * ((trial * 5) % 12));
const completed = ends.map((end, trial) => curve(trial, end));
const best = Math.max(...ends);
const hopeless = upTo(curve(50, 0.45), 3);
const hopeful = upTo(curve(51, 0.95), 3);

type Settings = { readonly [name: string]: number | string };
const judge = (running: LearningCurve, settings: Settings = {}, all = completed, seed = 1): StoppingVerdict | null => {
  const rule = stoppingNamed('curve-prediction').create({ startupTrials: 10, draws: 20, ...settings }, seed);
  const verdict = rule.reasonToStop(running, [...all, running]);
  return typeof verdict === 'string' ? { reason: verdict } : verdict;
};

describe('stopping by predicted curves', () => {
  it('stops a trial that will not beat the best, with what it would come to', () => {
    const verdict = judge(hopeless);
    expect(verdict?.bar).toBe(best);
    expect(Math.abs((verdict?.prediction?.value ?? 0) - 0.45)).toBeLessThan(0.05);
    expect(verdict?.reason).toMatch(
      /^after epoch 3 it is predicted to come to 0\.4\d* ± 0\.0\d+, and so to miss 0\.840 with a probability of (1|0\.99\d)$/,
    );
    expect(judge(hopeful)).toBeNull();
  });

  it('gives the same answer for the same curves, whatever it was asked before', () => {
    const rule = stoppingNamed('curve-prediction').create({ startupTrials: 10, draws: 20 }, 1);
    rule.reasonToStop(hopeful, completed.slice(0, 10));
    expect(rule.reasonToStop(hopeless, completed)).toEqual(judge(hopeless));
  });

  // What each setting changes: the answers with and without it.
  const near = upTo(curve(52, best - 0.01), 3);
  it.each<[string, LearningCurve, Settings, Settings]>([
    ['startupTrials: no model before as many trials are completed', hopeless, {}, { startupTrials: 13 }],
    ['warmupEpochs: not as early', hopeless, {}, { warmupEpochs: 3 }],
    ['every: at some points alone', hopeless, {}, { every: 2 }],
    ['delta: only if it is so sure', near, { delta: 0.5 }, { delta: 0.999999 }],
    ['margin: only if it is so far off', hopeless, {}, { margin: 0.5 }],
    ['nthBest: compared with another than the best', hopeless, {}, { nthBest: 12 }],
  ])('%s', (_, running, stops, goesOn) => {
    expect(judge(running, stops)).not.toBeNull();
    expect(judge(running, goesOn)).toBeNull();
  });

  it.each<[string, Settings, number]>([
    ['kernel', { kernel: 'linear' }, 1],
    ['draws', { draws: 40 }, 1],
    ['the seed of the study', {}, 2],
  ])('%s changes the prediction', (_, settings, seed) => {
    expect(judge(hopeless, settings, completed, seed)?.prediction).not.toEqual(judge(hopeless)?.prediction);
  });

  it('lets a tenth of the trials run, or as many as it is told', () => {
    const create = (settings: Settings) => stoppingNamed('curve-prediction').create(settings, 0).letRun;
    expect([create({}), create({ letRun: 0.5 })]).toEqual([0.1, 0.5]);
  });

  it('is judged with what is known of the trial, and with what was measured beside the score', () => {
    const plain = completed.map((each) => ({ ...each, facts: {} }));
    const bare = plain.map((each) => ({ ...each, points: each.points.map((point) => ({ ...point, values: {} })) }));
    const predictions = [completed, plain, bare].map((all) => judge(hopeless, {}, all)?.prediction?.value);
    expect(new Set(predictions).size).toBe(3);
  });

  it('learns from whole curves of the same fidelity and the same epochs alone, and judges no curve with a hole', () => {
    const [first = hopeless, ...others] = completed;
    const hole = { ...first, points: first.points.map((point) => ({ ...point, value: Number.NaN })) };
    const later = { ...first, points: first.points.map((point) => ({ ...point, epoch: point.epoch + 5 })) };
    const settings = { startupTrials: 12 };
    expect(judge(hopeless, settings)).not.toBeNull();
    for (const odd of [hole, later, { ...first, fidelity: 1 / 3 }, upTo(first, 3), upTo(first, 9)]) {
      expect(judge(hopeless, settings, [odd, ...others])).toBeNull();
    }
    expect(judge({ ...hole, trial: 60, points: hole.points.slice(0, 3) })).toBeNull();
  });

  it('leaves a trial at its end', () => {
    expect(judge(upTo(curve(53, 0.45), 10))).toBeNull();
  });
});
