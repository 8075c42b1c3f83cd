/** @file Growth: one item more, all else as it was. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import { choice } from '../space/decisions/choice.js';
import { grammar } from '../space/decisions/grammar.js';
import { object } from '../space/decisions/product.js';
import { repeat } from '../space/decisions/repeat.js';
import { metaqnn } from '../space/metaqnn.js';
import { pnas } from '../space/pnas.js';
import { type SearchSpace, untyped } from '../space/space.js';
import { firstOf, growths, growthsAtRandom, shrunk, smallestFrom } from './growth.js';

const growing = untyped(pnas({ blocks: { min: 1, max: 5 } }));

const distinct = ({ canonical }: SearchSpace, architectures: Iterable<Json>): number =>
  new Set([...architectures].map(canonical)).size;

describe("PNAS's cells", () => {
  it('begin with the 136 of one block', () => {
    const smallest = shrunk(growing.decisions, growing.decisions.sample(new Random(1)), new Random(2));
    expect(growing.format(smallest).split(',')).toHaveLength(1);
    expect(distinct(growing, smallestFrom(growing.decisions, smallest))).toBe(136);
  });

  it('grow by every block that there is: 300, 528, 820 and 1,176, as in the paper', () => {
    let cell = growing.parse('sep_conv_7x7@0+max_pool_3x3@1');
    for (const blocks of [300, 528, 820, 1176]) {
      const grown = [...growths(growing.decisions, cell)];
      const words = growing.format(cell);
      for (const one of grown) expect(growing.format(one).startsWith(`${words},`)).toBe(true);
      expect(distinct(growing, grown)).toBe(blocks);
      cell = grown.at(-1) ?? cell;
    }
    expect([...growths(growing.decisions, cell)]).toEqual([]);
  });

  it('that all have five blocks do not grow', () => {
    const { decisions, parse } = untyped(pnas());
    expect([...growths(decisions, parse('PNASNet-5'))]).toEqual([]);
    expect([...growthsAtRandom(decisions, parse('PNASNet-5'), new Random(1))]).toEqual([]);
  });
});

describe('a chain', () => {
  const { decisions } = untyped(metaqnn({ layers: 4 }));

  it('is smallest as the classifier alone, and grows by a layer wherever one fits', () => {
    const smallest = shrunk(decisions, decisions.sample(new Random(1)), new Random(2));
    expect(smallest).toEqual([{ layer: 'softmax' }]);
    const first = [...growths(decisions, smallest)];
    // Four numbers of filters and three kernels, and the global mean.
    expect(first).toHaveLength(4 * 3 + 1);
    const [convolution = null] = first;
    const second = [...growths(decisions, convolution)];
    for (const chain of second) expect(chain).toHaveLength(3);
    expect(second.length).toBeGreaterThan(12);
  });
});

it('a chain shrinks where only a token in its middle can go', () => {
  const chain = grammar<string, { readonly last: string; readonly depth: number }>({
    start: { last: '', depth: 0 },
    tokens({ last, depth }) {
      if (last === 'end') return [];
      return depth === 3 ? ['end'] : ['x', 'y', ...(last === 'y' ? ['end'] : [])];
    },
    next: ({ depth }, token) => ({ last: token, depth: depth + 1 }),
  });
  expect(shrunk(chain, ['x', 'y', 'end'], new Random(1))).toEqual(['y', 'end']);
});

describe('several lists', () => {
  const { decisions } = untyped(
    toySpace(
      object({
        left: repeat(choice(['a', 'b']), { min: 1, max: 2 }),
        right: repeat(choice(['c', 'd']), { min: 0, max: 1 }),
      }),
    ),
  );

  it('grow one at a time', () => {
    expect([...growths(decisions, { left: ['a'], right: [] })]).toEqual([
      { left: ['a', 'a'], right: [] },
      { left: ['a', 'b'], right: [] },
      { left: ['a'], right: ['c'] },
      { left: ['a'], right: ['d'] },
    ]);
    expect([...growths(decisions, { left: ['a', 'b'], right: ['d'] })]).toEqual([]);
  });

  it('shrink together', () => {
    expect(shrunk(decisions, { left: ['b', 'a'], right: ['d'] }, new Random(1))).toEqual({ left: ['b'], right: [] });
    expect([...smallestFrom(decisions, { left: ['b'], right: [] })]).toEqual([
      { left: ['b'], right: [] },
      { left: ['a'], right: [] },
    ]);
  });

  it('grow at random to what they may grow to', () => {
    const drawn = [...firstOf(growthsAtRandom(decisions, { left: ['a'], right: [] }, new Random(1)), 60)];
    const all = [...growths(decisions, { left: ['a'], right: [] })];
    expect(new Set(drawn.map((one) => JSON.stringify(one)))).toEqual(new Set(all.map((one) => JSON.stringify(one))));
  });
});
