/** @file Parzen estimators are densities over decision trees, and draw what they say. */
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json } from '../../json.js';
import { Random } from '../../random.js';
import { bool, int } from '../../space/decisions/choice.js';
import type { Decision } from '../../space/decisions/decision.js';
import { grammar } from '../../space/decisions/grammar.js';
import { repeat } from '../../space/decisions/repeat.js';
import { OptionNumbers } from './chosen-options.js';
import { ParzenEstimator } from './parzen.js';

function estimatorOf<A extends Json>(decisions: Decision<A>, observed: readonly (readonly [A, number])[]) {
  const numbers = new OptionNumbers();
  const observations = observed.map(([architecture, weight]) => ({
    chosen: numbers.of(decisions.sequence(architecture)),
    weight,
  }));
  return new ParzenEstimator(numbers, observations);
}

const lists = repeat(int({ min: 1, max: 3 }), { min: 1, max: 2 });

/** Numbers that fall: what may be answered at a place depends on the answer before. */
const falling = grammar<number, number>({
  start: 5,
  tokens: (last) => Array.from({ length: last }, (_, index) => last - 1 - index),
  next: (_, token) => token,
});

/** What the tests need of an estimator, whatever it is over. */
function caseOf<A extends Json>(name: string, decisions: Decision<A>, observed: readonly (readonly [A, number])[]) {
  const estimator = estimatorOf(decisions, observed);
  return {
    name,
    densities: () =>
      new Map(
        [...decisions.enumerate()].map((one) => [
          canonicalJson(one),
          Math.exp(estimator.logDensity(decisions.sequence(one))),
        ]),
      ),
    sample: (random: Random) => canonicalJson(estimator.sample(decisions, random)),
  };
}

const cases = [
  caseOf('lists of whatever length', lists, [
    [[1], 1],
    [[2, 3], 0.5],
    [[2, 2], 1],
  ]),
  // After [2] there is no 3 at the second place, and after [1] only one option, which is not asked about.
  caseOf('a grammar', falling, [
    [[4, 3, 0], 1],
    [[2, 1, 0], 0.5],
    [[1, 0], 1],
  ]),
];

describe.each(cases)('a Parzen estimator over $name', ({ densities, sample }) => {
  it('sums to 1 over all architectures', () => {
    expect([...densities().values()].reduce((sum, density) => sum + density, 0)).toBeCloseTo(1, 12);
  });

  it('draws architectures as often as their density says', () => {
    const random = new Random(1);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 20_000; draw++) {
      const key = sample(random);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, density] of densities()) {
      const deviation = Math.sqrt(density * (1 - density) * 20_000);
      expect(Math.abs((counts.get(key) ?? 0) - 20_000 * density)).toBeLessThan(4 * deviation);
    }
  });
});

describe('a Parzen estimator', () => {
  const pairs = repeat(bool(), 2);

  it('remembers which options go together', () => {
    const equal = estimatorOf(
      pairs,
      Array.from({ length: 20 }, (_, index) => [[index % 2 === 0, index % 2 === 0], 1] as const),
    );
    const density = (pair: readonly boolean[]) => Math.exp(equal.logDensity(pairs.sequence(pair)));
    expect(density([true, true])).toBeGreaterThan(4 * density([true, false]));
  });

  it('prefers the same answer, wherever it stands among the options', () => {
    // The first options are 4, 3, 2, 1, 0; after 4 they are 3, 2, 1, 0 and after 3 they are 2, 1, 0.
    const estimator = estimatorOf(
      falling,
      Array.from({ length: 50 }, () => [[4, 2, 0], 1] as const),
    );
    const density = (chain: readonly number[]) => Math.exp(estimator.logDensity(falling.sequence(chain)));
    expect(density([3, 2, 0])).toBeGreaterThan(10 * density([3, 1, 0]));
  });
});
