/** @file When trials are stopped early. */
import { describe, expect, it } from 'vitest';
import { stoppingNamed } from './registry.js';
import { type LearningCurve, quantile } from './stopping.js';

const curve = (trial: number, values: readonly number[], changes: Partial<LearningCurve> = {}): LearningCurve => ({
  trial,
  fidelity: 1,
  isComplete: true,
  score: Math.max(...values),
  facts: {},
  points: values.map((value, index) => ({ epoch: index + 1, value, values: { validAccuracy: value } })),
  ...changes,
});
const running = (values: readonly number[], changes: Partial<LearningCurve> = {}) =>
  curve(99, values, { isComplete: false, score: null, ...changes });

describe('median stopping', () => {
  const rule = stoppingNamed('median').create({ startupTrials: 3 }, 0);
  // Means until epoch 2: .2, .4, .6; until epoch 3: .3, .5, .7.
  const others = [curve(0, [0.1, 0.3, 0.5]), curve(1, [0.3, 0.5, 0.7]), curve(2, [0.5, 0.7, 0.9])];

  it('stops a trial whose best is below the median of the running means', () => {
    expect(rule.reasonToStop(running([0.1, 0.39]), others)).toContain('below the median');
    expect(rule.reasonToStop(running([0.1, 0.4]), others)).toBeNull();
    expect(rule.reasonToStop(running([0.45, 0.1, 0.1]), others)).toContain('at epoch 3 its best, 0.450');
  });

  it('waits for enough completed trials of the same fidelity, and for the warm-up', () => {
    expect(rule.reasonToStop(running([0]), others)).toBeNull();
    expect(rule.reasonToStop(running([0, 0]), others.slice(1))).toBeNull();
    expect(rule.reasonToStop(running([0, 0], { fidelity: 1 / 3 }), others)).toBeNull();
    expect(rule.reasonToStop(running([0, 0]), [...others.slice(1), running([0.5], { trial: 5 })])).toBeNull();
  });
});

describe('the stopping form of ASHA', () => {
  const rule = stoppingNamed('asha').create({ eta: 2, graceEpochs: 2 }, 0);
  const others = [curve(0, [0, 0.2]), curve(1, [0, 0.4]), curve(2, [0, 0.6], { isComplete: false })];

  it('stops at a rung what is below the top 1/η of those that came so far', () => {
    // The median of .2, .4, .6 and the own value is between .4 and the own one.
    expect(rule.reasonToStop(running([0, 0.3]), others)).toContain('one in 2 of 4 trials');
    expect(rule.reasonToStop(running([0, 0.5]), others)).toBeNull();
  });

  it('decides at rungs only, and not among fewer than η', () => {
    expect(rule.reasonToStop(running([0]), others)).toBeNull();
    expect(rule.reasonToStop(running([0, 0.5, 0]), others)).toBeNull();
    expect(rule.reasonToStop(running([0, 0]), [])).toBeNull();
    expect(rule.reasonToStop(running([0, 0.5, 0.5, 0.1]), [curve(0, [0, 0, 0, 0.3])])).toContain('at epoch 4');
  });
});

describe('stopping rules', () => {
  it('are found by name', () => {
    expect(() => stoppingNamed('mediann')).toThrow('did you mean median?');
  });

  it('take quantiles with linear interpolation', () => {
    // numpy.percentile([1, 2, 3, 4], 66.7) and of [5].
    expect(quantile([4, 1, 3, 2], 2 / 3)).toBeCloseTo(3, 12);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([5], 0.9)).toBe(5);
  });
});
