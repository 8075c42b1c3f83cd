/** @file New architectures among draws: what is known or beyond the limits is learnt from and passed over. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import { int } from '../space/decisions/choice.js';
import { FeasibleSpace } from './feasible/feasible-space.js';
import { Questions } from './questions.js';
import type { Score } from './score.js';
import { unaskedDraw } from './unasked-draw.js';

/** Of 0 to 9 the first six keep the limit. */
const space = new FeasibleSpace<Json>(toySpace<Json>(int({ min: 0, max: 9 })), {
  limits: { params: 5 },
  cost: (architecture) => ({ params: Number(architecture) }),
});

async function drawnFrom(draws: readonly number[]) {
  const questions = new Questions(space);
  questions.ask(1);
  questions.ask(2);
  const known = new Map<string, Score>([[space.canonical(1), 0.7]]);
  const learnt: [Json, Score][] = [];
  let next = 0;
  const found = await unaskedDraw({
    space,
    questions,
    known,
    random: new Random(1),
    draw: () => ({ architecture: draws[next++ % draws.length] ?? null }),
    onKnown: ({ architecture }, score) => void learnt.push([architecture, score]),
  });
  return { found: Number(found?.architecture), learnt };
}

describe('an unasked draw', () => {
  it('is the first draw that is new, after those before were learnt from where anything is known of them', async () => {
    // 2 was asked about, but has no answer yet.
    const { found, learnt } = await drawnFrom([9, 1, 2, 3]);
    expect(found).toBe(3);
    expect(learnt).toEqual([
      [9, null],
      [1, 0.7],
    ]);
  });

  it('is new and within the limits where no draw is', async () => {
    const { found, learnt } = await drawnFrom([9]);
    expect([0, 3, 4, 5]).toContain(found);
    expect(learnt).toEqual(Array(8).fill([9, null]));
  });
});
