/** @file Progressive search on PNAS's own space, level by level as the paper's algorithm 1 has it. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import { nodeEngine } from '../engine/node-engine.js';
import type { Json } from '../json.js';
import { choice } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { type PnasArchitecture, pnas } from '../space/pnas.js';
import { type SearchSpace, untyped } from '../space/space.js';
import { progressive } from './progressive.js';

const engine = nodeEngine();

/** What one search asks about, in order. */
async function asked(
  space: SearchSpace,
  settings: { readonly [name: string]: Json },
  questions: number,
  score: (architecture: Json) => number,
): Promise<Json[]> {
  const strategy = progressive.create({ space, settings, seed: 1, engine });
  const architectures: Json[] = [];
  for (let trial = 0; trial < questions; trial++) {
    const proposal = await strategy.ask();
    if (typeof proposal === 'string') throw new Error(proposal);
    architectures.push(proposal.architecture);
    await strategy.tell(trial, { state: 'completed', score: score(proposal.architecture) });
  }
  await strategy.close?.();
  return architectures;
}

describe.each([
  ['ensemble', 3],
  ['gaussian-process', 2],
] as const)("on PNAS's cells, by %s, up to %i blocks", (surrogate, blocks) => {
  const typed = pnas({ blocks: { min: 1, max: blocks } });
  const space = untyped(typed);
  const cellOf = (architecture: Json): PnasArchitecture['cell'] => typed.decisions.validate(architecture).cell;
  /** How many halves are separable convolutions: more is better, whatever else there is. */
  const separable = (architecture: Json): number =>
    cellOf(architecture).flatMap(({ operators }) => operators.filter((name) => name.startsWith('sep'))).length;

  it('asks about all 136 cells of one block, then K expansions of them, and goes on when no cell can grow', async () => {
    const beam = 8;
    const levels = [2, 3].slice(0, blocks - 1);
    const architectures = await asked(space, { surrogate, beam }, 136 + blocks * beam, separable);
    const lengths = architectures.map((architecture) => cellOf(architecture).length);
    expect(lengths.slice(0, 136 + levels.length * beam)).toEqual([
      ...new Array<number>(136).fill(1),
      ...levels.flatMap((level) => new Array<number>(beam).fill(level)),
    ]);
    expect(new Set(architectures.slice(0, 136).map(space.canonical)).size).toBe(136);
    expect(new Set(architectures.map(space.canonical)).size).toBe(architectures.length);
    // Each was an expansion of a cell of the level before.
    const words = architectures.map(space.format);
    for (const text of words.slice(136, 136 + beam)) expect(words.slice(0, 136)).toContain(text.split(',')[0]);
    // The best by the model: of 40,800 expansions, those of separable convolutions alone.
    for (const cell of architectures.slice(136, 136 + levels.length * beam)) {
      expect(separable(cell)).toBe(2 * cellOf(cell).length);
    }
  }, 60_000);
});

const lists = untyped(toySpace(repeat(choice(['a', 'b', 'c', 'd']), { min: 1, max: 4 })));
const lengthOf = (architecture: Json): number => (Array.isArray(architecture) ? architecture.length : 0);

describe('the levels', () => {
  it('are of short lists first, then of longer and longer ones', async () => {
    const architectures = await asked(lists, { beam: 6 }, 22, lengthOf);
    expect(architectures.map(lengthOf)).toEqual(
      [1, 2, 3, 4].flatMap((length) => new Array<number>(length === 1 ? 4 : 6).fill(length)),
    );
  });

  it('begin with as many as the settings say', async () => {
    const architectures = await asked(lists, { beam: 6, initial: 2 }, 10, lengthOf);
    expect(architectures.map(lengthOf)).toEqual([1, 1, 2, 2, 2, 2, 2, 2, 3, 3]);
  });

  it('of few drawn expansions hold no more', async () => {
    const architectures = await asked(lists, { beam: 8, expansions: 1 }, 16, lengthOf);
    expect(architectures.slice(0, 16).map(lengthOf)).toEqual(
      [1, 2, 3, 4].flatMap((length) => new Array(4).fill(length)),
    );
  });
});
