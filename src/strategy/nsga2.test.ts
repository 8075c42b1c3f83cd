/** @file NSGA-II on a problem with a known front. */
import { describe, expect, it } from 'vitest';
import { drive } from '../../test/strategy-laws.js';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { bool } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { strategyNamed } from './registry.js';
import type { Outcome, Proposal } from './strategy.js';

/** Leading ones, trailing zeros (Laumanns et al. 2004): of 2^n strings, the n + 1 of the form 1…10…0 are the front. */
const length = 12;
const space = toySpace(repeat(bool(), length));
const bitsOf = (architecture: Json): boolean[] => (Array.isArray(architecture) ? architecture.map(Boolean) : []);
const leadingOnes = (bits: readonly boolean[]) => [...bits, false].indexOf(false);
const trailingZeros = (bits: readonly boolean[]) => [...bits].reverse().concat(true).indexOf(true);

const answer = (_: number, { architecture }: Proposal): Outcome => ({
  state: 'completed',
  score: leadingOnes(bitsOf(architecture)),
  costs: { params: length - trailingZeros(bitsOf(architecture)) },
});

async function frontFound(name: string, settings: Json, seed: number, workers = 1): Promise<number> {
  const strategy = strategyNamed(name).create({ space, settings, seed });
  const { asked } = await drive(strategy, { questions: 1200, workers, answer });
  const strings = new Set(asked.map(({ architecture }) => bitsOf(architecture).map(Number).join('')));
  return [...strings].filter((string) => /^1*0*$/.test(string)).length;
}

describe('nsga2', () => {
  it.each([1, 2, 3])('finds the whole front of a toy problem, seed %i', async (seed) => {
    expect(await frontFound('nsga2', {}, seed)).toBe(length + 1);
    expect(await frontFound('nsga2', {}, seed, 8)).toBe(length + 1);
    expect(await frontFound('random', {}, seed)).toBeLessThan(length / 2);
  });

  it('takes what architectures cost from the space where outcomes do not tell', async () => {
    const costs: number[] = [];
    const cost = (architecture: Json) => {
      costs.push(1);
      return { params: length - trailingZeros(bitsOf(architecture)) };
    };
    const strategy = strategyNamed('nsga2').create({ space, settings: {}, seed: 1, constraints: { limits: {}, cost } });
    await strategy.ask();
    await strategy.tell(0, { state: 'completed', score: 1 });
    expect(costs).toHaveLength(1);
  });
});
