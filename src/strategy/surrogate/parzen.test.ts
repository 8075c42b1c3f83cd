/** @file Parzen estimators are densities over decision trees, and draw what they say. */
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../json.js';
import { Random } from '../../random.js';
import { bool, int } from '../../space/decision-choice.js';
import { repeat } from '../../space/decision-repeat.js';
import { ParzenEstimator, takenBy } from './parzen.js';

const decisions = repeat(int({ min: 1, max: 3 }), { min: 1, max: 2 });
const estimator = new ParzenEstimator(
  [[1], [2, 3], [2, 2]].map((architecture) => takenBy(decisions.sequence(architecture))),
  [1, 0.5, 1],
);

describe('a Parzen estimator', () => {
  it('sums to 1 over all architectures, of whatever length', () => {
    const densities = [...decisions.enumerate()].map((one) => Math.exp(estimator.logDensity(decisions.sequence(one))));
    expect(densities.reduce((sum, density) => sum + density, 0)).toBeCloseTo(1, 12);
  });

  it('draws architectures as often as their density says', () => {
    const random = new Random(1);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 20_000; draw++) {
      const key = canonicalJson(estimator.sample(decisions, random));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const architecture of decisions.enumerate()) {
      const density = Math.exp(estimator.logDensity(decisions.sequence(architecture)));
      const deviation = Math.sqrt(density * (1 - density) * 20_000);
      const count = counts.get(canonicalJson(architecture)) ?? 0;
      expect(Math.abs(count - 20_000 * density)).toBeLessThan(4 * deviation);
    }
  });

  it('remembers which options go together', () => {
    const pairs = repeat(bool(), 2);
    const equal = new ParzenEstimator(
      Array.from({ length: 20 }, (_, index) => takenBy(pairs.sequence([index % 2 === 0, index % 2 === 0]))),
      new Array<number>(20).fill(1),
    );
    const density = (pair: readonly boolean[]) => Math.exp(equal.logDensity(pairs.sequence(pair)));
    expect(density([true, true])).toBeGreaterThan(4 * density([true, false]));
  });
});
