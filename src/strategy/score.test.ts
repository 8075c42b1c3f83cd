/** @file What outcomes teach, and that strategies learn it. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { choice } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { strategyNamed } from './registry.js';
import { scoreOf } from './score.js';

describe('an outcome', () => {
  it('teaches its score, or the worst where there is none', () => {
    expect(scoreOf({ state: 'completed', score: -3 })).toBe(-3);
    expect(scoreOf({ state: 'pruned', predicted: 0.4 })).toBe(0.4);
    for (const state of ['failed', 'pruned', 'infeasible'] as const) expect(scoreOf({ state })).toBeNull();
  });
});

/** Half of the space crashes: what begins with `a`. */
const space = toySpace(repeat(choice(['a', 'b']), 12));

const crashes = (architecture: Json): boolean => Array.isArray(architecture) && architecture[0] === 'a';

describe('a region that crashes', () => {
  it.each(['tpe', 'bayesian', 'mcts'])('is left alone by %s', async (name) => {
    const strategy = strategyNamed(name).create({ space, settings: {}, seed: 1 });
    let crashed = 0;
    for (let trial = 0; trial < 150; trial++) {
      const proposal = await strategy.ask();
      if (typeof proposal === 'string') throw new Error(proposal);
      const failed = crashes(proposal.architecture);
      if (failed && trial >= 50) crashed++;
      await strategy.tell(trial, failed ? { state: 'failed' } : { state: 'completed', score: trial % 5 });
    }
    expect(crashed).toBeLessThan(33);
  });
});
