/** @file Decisions that depend on each other: grammars, subsets, filtered and recursive descriptions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws, expectSmallLaws, uniformityScore } from '../../../test/decision-laws.js';
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import { bool, choice, int } from './choice.js';
import type { Decision } from './decision.js';
import { filtered } from './filtered.js';
import { grammar } from './grammar.js';
import { object } from './product.js';
import { recursive } from './recursive.js';
import { repeat, tuple } from './repeat.js';
import { subset } from './subset.js';
import { variant } from './variant.js';

/** Convolutions and poolings, of which no two follow each other; a pooling halves the map, which begins with `side`. */
const layers = (side: number, depth: number) =>
  grammar({
    start: { side, left: depth, pooled: true },
    tokens: ({ side, left, pooled }) => [
      ...(left > 0 ? ['conv'] : []),
      ...(left > 0 && !pooled && side > 1 ? ['pool'] : []),
      ...(left === -1 ? [] : ['end']),
    ],
    next: ({ side, left }, token) => ({
      side: token === 'pool' ? Math.floor(side / 2) : side,
      left: token === 'end' ? -1 : left - 1,
      pooled: token === 'pool',
    }),
  });

/** Machines of up to five states with up to three tokens each, which lead onwards. */
const anyGrammar = fc
  .array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 0, maxLength: 3 }), { minLength: 1, maxLength: 5 })
  .map((states) =>
    grammar({
      start: 0,
      tokens: (state) => ['a', 'b', 'c'].slice(0, states[state]?.length ?? 0),
      next: (state, token) => state + (states[state]?.['abc'.indexOf(token)] ?? 1),
    }),
  );

const anySubset = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 6 }))
  .map(([count, members]) => subset(['a', 'b', 'c', 'd', 'e', 'f'].slice(0, count), Math.min(count, members)));

const anyPart: fc.Arbitrary<Decision<Json>> = fc.oneof<fc.Arbitrary<Decision<Json>>[]>(anyGrammar, anySubset);

/** Dependent decisions within others. */
const anyWhole = fc.oneof<fc.Arbitrary<Decision<Json>>[]>(
  anyPart,
  fc.tuple(anyPart, anyPart).map(([x, y]) => object({ x, y })),
  fc.tuple(anyPart, anyPart).map(([x, y]) => variant('kind', { one: { x }, other: { x, y }, none: {} })),
  anyPart.map((item) => repeat(item, { min: 1, max: 2 })),
);

describe('grammars and subsets, also within other descriptions', () => {
  it('keep the laws', () => {
    fc.assert(
      fc.property(anyWhole, fc.integer(), (decision, seed) => expectLaws(decision, seed, { shifting: true })),
      { seed: 1, numRuns: 200 },
    );
  });

  it('have the size of their enumeration and a symmetric neighbourhood', () => {
    const small = anyWhole.filter((decision) => decision.size() <= 300n);
    fc.assert(
      fc.property(small, (decision) => expectSmallLaws(decision, { isolated: true })),
      { seed: 2, numRuns: 100 },
    );
  });

  it('are sampled uniformly', () => {
    const small = anyWhole.filter((decision) => decision.size() > 1n && decision.size() <= 150n);
    const scores = fc.sample(small, { seed: 3, numRuns: 30 }).map((decision) => uniformityScore(decision, 3000, 7));
    expect(Math.max(...scores.map(Math.abs))).toBeLessThan(4.5);
  });
});

describe('a grammar', () => {
  it('counts by hand: up to three layers, poolings only behind convolutions and while the map has pixels to spare', () => {
    // end; c; cc cp; ccc ccp cpc.
    expect([...layers(8, 3).enumerate()].map((tokens) => tokens.map((token) => token[0]).join(''))).toEqual([
      'ccce',
      'ccpe',
      'cce',
      'cpce',
      'cpe',
      'ce',
      'e',
    ]);
    expect(layers(1, 3).size()).toBe(4n);
    expectSmallLaws(layers(4, 5));
  });

  it('counts what nobody could enumerate', () => {
    // Without poolings, lengths 0 to 200; with them the Fibonacci numbers, since no two poolings follow each other.
    expect(layers(1, 200).size()).toBe(201n);
    const fibonacci = (index: number): bigint => {
      let [last, next] = [0n, 1n];
      for (let step = 0; step < index; step++) [last, next] = [next, last + next];
      return last;
    };
    // Chains of n layers that begin with a convolution: F(n + 1); summed up to 100: F(103) - 1.
    expect(layers(2 ** 40, 30).size()).toBe(fibonacci(33) - 1n);
  });

  it('says what may stand where', () => {
    const decision = layers(2, 4);
    expect(decision.validate(['conv', 'pool', 'conv', 'end'])).toEqual(['conv', 'pool', 'conv', 'end']);
    expect(() => decision.validate(['pool', 'end'])).toThrow('architecture[0] is "pool"; allowed: conv, end.');
    expect(() => decision.validate(['conv', 'pool', 'pool', 'end'])).toThrow('[2] is "pool"; allowed: conv, end.');
    expect(() => decision.validate(['conv'])).toThrow('architecture ends after 1 items; allowed: conv, pool, end.');
    expect(() => decision.validate(['end', 'conv'])).toThrow('goes on with "conv" where it must end, after 1 items');
    expect(() => decision.validate('conv')).toThrow('a list is expected');
  });

  it('edits by replacing, inserting or dropping one token', () => {
    const neighbours = [...layers(8, 3).neighbours(['conv', 'pool', 'end'])].map((tokens) =>
      tokens.map((token) => token[0]).join(''),
    );
    expect(neighbours.sort()).toEqual(['ccpe', 'cpce', 'cce', 'ce'].sort());
  });

  it('describes positions that have the same tokens in one row', () => {
    expect(layers(64, 4).describe()).toEqual([
      { path: 'architecture[0]', options: ['conv', 'end'] },
      { path: 'architecture[1..3]', options: ['conv', 'pool', 'end'] },
      { path: 'architecture[4]', options: ['end'] },
    ]);
  });

  it('crosses position by position, each token from either parent with the same chance', () => {
    const bits = grammar({
      start: 0,
      tokens: (state) => (state < 12 ? ['a', 'b'] : []),
      next: (state) => state + 1,
    });
    const random = new Random(1);
    const [first, second] = [Array(12).fill('a'), Array(12).fill('b')];
    const children = Array.from({ length: 400 }, () => bits.crossover(first, second, random));
    for (const position of first.keys()) {
      const share = children.filter((child) => child[position] === 'a').length / 400;
      expect(Math.abs(share - 0.5)).toBeLessThan(0.12);
    }
  });

  it('crosses parents of which no mixture can be completed to one of them, from either with the same chance', () => {
    const words = grammar({
      start: 'start',
      tokens: (state) => ({ start: ['a', 'b'], a: ['x'], b: ['y'] })[state] ?? [],
      next: (_, token) => token,
    });
    const random = new Random(1);
    const children = Array.from({ length: 400 }, () => words.crossover(['a', 'x'], ['b', 'y'], random).join(''));
    const share = children.filter((child) => child === 'ax').length / 400;
    expect(new Set(children)).toEqual(new Set(['ax', 'by']));
    expect(Math.abs(share - 0.5)).toBeLessThan(0.12);
  });

  it('relaxes to the chain of the last tokens', () => {
    expect(layers(8, 3).relaxed()).toEqual(['end']);
  });

  it('is refused where it does not end', () => {
    const endless = grammar({ start: 0, tokens: () => ['a'], next: (state) => 1 - state });
    expect(() => endless.size()).toThrow('the grammar does not end: it comes back to 0');
  });
});

describe('a subset', () => {
  it('has binomially many members, which are neighbours if they differ in one', () => {
    const decision = subset(['a', 'b', 'c', 'd', 'e'], 2);
    expect(decision.size()).toBe(10n);
    expectSmallLaws(decision);
    expect([...decision.neighbours(['a', 'c'])]).toHaveLength(2 * 3);
    expect(subset([...Array(60).keys()], 30).size()).toBe(118_264_581_564_861_424n);
  });

  it('takes its members in any order, and no others', () => {
    const decision = subset([3, 5, 7], 2);
    expect(decision.validate([7, 3])).toEqual([3, 7]);
    expect(() => decision.validate([3, 4])).toThrow('architecture[1] is 4; allowed: 3, 5, 7.');
    for (const repeated of [[3, 3], [3, 5, 5], [3, 5, 7], [3]]) {
      const message = `architecture is ${JSON.stringify(repeated)}; 2 different options are expected.`;
      expect(() => decision.validate(repeated)).toThrow(message);
    }
    expect(() => subset([1, 2], 3)).toThrow('a subset needs a count from 0 to 2, not 3');
    expect(() => subset([3, 5, 5], 3)).toThrow('options repeat: 3, 5, 5');
  });

  it('crosses to members of either parent, one of each where it can', () => {
    const decision = subset(['a', 'b', 'c', 'd'], 2);
    const random = new Random(1);
    const children = Array.from({ length: 100 }, () => decision.crossover(['a', 'c'], ['b', 'd'], random).join(''));
    expect(new Set(children)).toEqual(new Set(['ac', 'ad', 'bc', 'bd']));
  });

  it('relaxes to the last options', () => {
    expect(subset(['a', 'b', 'c'], 2).relaxed()).toEqual(['b', 'c']);
  });
});

describe('a filtered description', () => {
  const pairs = object({ x: int({ min: 0, max: 9 }), y: int({ min: 0, max: 9 }) });
  const growing = filtered(pairs, ({ x, y }) => (x < y ? undefined : `x is ${x}, which is not below y, ${y}`));

  it('holds what is legal, and says why the rest is not', () => {
    expect(growing.size()).toBe(45n);
    expectSmallLaws(growing);
    expect(Math.abs(uniformityScore(growing, 9_000, 1))).toBeLessThan(4);
    expect(() => growing.validate({ x: 5, y: 5 })).toThrow('architecture is illegal: x is 5, which is not below y, 5.');
    for (let seed = 0; seed < 30; seed++) expectLaws(growing, seed);
  });

  it('leads every walk to a legal architecture near the answers', () => {
    expect(growing.rebuild([5, 5])).toEqual({ x: 0, y: 5 });
    expect(growing.rebuild([4, 5])).toEqual({ x: 4, y: 5 });
  });

  it('finds rare architectures, and others where no single edit is legal', () => {
    const bits = repeat(bool(), 14);
    const uniform = filtered(bits, (values) => (new Set(values).size === 1 ? undefined : 'the bits differ'));
    expect(uniform.size()).toBe(2n);
    const [first = []] = uniform.enumerate();
    expect(uniform.mutate(first, new Random(1))).not.toEqual(first);
    const drawn = Array.from({ length: 40 }, (_, seed) => uniform.sample(new Random(seed))[0]);
    expect(new Set(drawn).size).toBe(2);
  });

  it('gives one of the parents, either with the same chance, where no mixture of them is legal', () => {
    const bits = repeat(bool(), 14);
    const uniform = filtered(bits, (values) => (new Set(values).size === 1 ? undefined : 'the bits differ'));
    const [first = [], second = []] = uniform.enumerate();
    const random = new Random(1);
    const children = Array.from({ length: 200 }, () => uniform.crossover(first, second, random));
    const ofFirst = children.filter((child) => child[0] === first[0]).length;
    expect(children.every((child) => new Set(child).size === 1)).toBe(true);
    expect(Math.abs(ofFirst - 100)).toBeLessThan(32);
  });

  it('finds the rare legal ones that an edit opens, each with the same chance', () => {
    // Three of 1,000 numbers go with "rare", so that 16 draws seldom find one.
    const number = int({ min: 0, max: 999 });
    const rare = filtered(variant('kind', { common: {}, rare: { number } }), (one) =>
      one.kind === 'common' || one.number % 400 === 7 ? undefined : 'its number is none of 7, 407 and 807',
    );
    const random = new Random(1);
    const found = Array.from({ length: 60 }, () => rare.mutate({ kind: 'common' }, random));
    for (const number of [7, 407, 807]) {
      const count = found.filter((one) => one.kind === 'rare' && one.number === number).length;
      expect(Math.abs(count - 20)).toBeLessThan(16);
    }
  });

  it('draws legal ones that sampling does not find, and says where it cannot', () => {
    const number = int({ min: 0, max: 399 });
    const rare = filtered(tuple(number, number), ([x, y]) => (x === 7 && y % 300 === 5 ? undefined : 'it is common'));
    const drawn = Array.from({ length: 10 }, (_, seed) => rare.sample(new Random(seed)));
    expect(new Set(drawn.map(String))).toEqual(new Set(['7,5', '7,305']));
    const rarer = filtered(repeat(bool(), 60), (bits) => (bits.includes(false) ? 'a bit is missing' : undefined), {
      size: 1n,
    });
    expect(() => rarer.sample(new Random(1))).toThrow('of 10000 architectures none is legal');
  });

  it('must be told its size where it cannot be counted', () => {
    const many = repeat(choice(['a', 'b', 'c']), 40);
    expect(() => filtered(many, () => undefined)).toThrow('too many to count the legal ones');
    expect(filtered(many, () => undefined, { size: 3n ** 40n }).size()).toBe(3n ** 40n);
  });
});

describe('a recursive description', () => {
  type Tree = { readonly kind: 'leaf' } | { readonly kind: 'node'; readonly children: readonly Tree[] };
  const trees = (height: number): Decision<Tree> =>
    recursive<Tree>(height, variant('kind', { leaf: {} }), (child) =>
      variant('kind', { leaf: {}, node: { children: repeat(child, { min: 1, max: 2 }) } }),
    );

  it('counts trees of bounded height: t(h) = 1 + t(h-1) + t(h-1)²', () => {
    expect([0, 1, 2, 3].map((height) => trees(height).size())).toEqual([1n, 3n, 13n, 183n]);
    expect(trees(3).validate({ kind: 'node', children: [{ kind: 'leaf' }] })).toBeDefined();
    expectSmallLaws(trees(2));
    for (let seed = 0; seed < 20; seed++) expectLaws(trees(4), seed);
  });

  it.each([1.5, -1, Number.NaN])('has a whole number as its height, not %s', (height) => {
    expect(() => trees(height)).toThrow(new RangeError(`a height is a whole number, not ${height}`));
  });
});
