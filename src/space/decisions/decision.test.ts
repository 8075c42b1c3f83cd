/** @file The laws of decisions, on descriptions that fast-check composes. */
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { expectLaws, expectSmallLaws, uniformityScore } from '../../../test/decision-laws.js';
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import { bool, choice, int, ordinal } from './choice.js';
import type { Decision, Infer } from './decision.js';
import { Mixture } from './mixture.js';
import { object } from './product.js';
import { repeat, tuple } from './repeat.js';
import { variant } from './variant.js';

const anyDecision = fc.letrec<{ decision: Decision<Json>; leaf: Decision<Json> }>((tie) => ({
  leaf: fc.oneof(
    fc.integer({ min: 1, max: 3 }).map((count) => choice(['a', 'b', 'c'].slice(0, count))),
    fc
      .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))
      .map(([min, more]) => int({ min, max: min + more })),
    fc.constant(bool()),
  ),
  decision: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.tuple(tie('decision'), tie('decision')).map(([x, y]) => object({ x, y })),
    fc.tuple(tie('decision'), tie('leaf')).map(([first, second]) => tuple(first, second)),
    fc
      .tuple(tie('decision'), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 2 }))
      .map(([item, min, more]) => repeat(item, { min, max: min + more })),
    fc.tuple(tie('decision'), tie('leaf')).map(([x, y]) => variant('kind', { one: { x, y }, other: { y }, none: {} })),
  ),
})).decision;

const block = object({
  width: ordinal([8, 16, 24]),
  gate: variant('kind', { none: {}, se: { ratio: choice([0.25, 0.5]), hard: bool() } }),
});
const chain = repeat(block, { min: 1, max: 2 });

describe('every description', () => {
  it('keeps the laws of samples, sequences, mutation, neighbours and encodings', () => {
    fc.assert(
      fc.property(anyDecision, fc.integer(), (decision, seed) => expectLaws(decision, seed)),
      { seed: 1, numRuns: 300 },
    );
  });

  it('has the size of its enumeration and a symmetric, connected neighbourhood', () => {
    const small = anyDecision.filter((decision) => decision.size() <= 400n);
    fc.assert(
      fc.property(small, (decision) => expectSmallLaws(decision)),
      { seed: 2, numRuns: 150 },
    );
  });

  it('samples every architecture with the same chance', () => {
    const small = anyDecision.filter((decision) => decision.size() > 1n && decision.size() <= 200n);
    const scores = fc.sample(small, { seed: 3, numRuns: 40 }).map((decision) => uniformityScore(decision, 4000, 7));
    expect(Math.max(...scores.map(Math.abs))).toBeLessThan(4.5);
    expect(Math.abs(scores.reduce((sum, score) => sum + score, 0) / Math.sqrt(scores.length))).toBeLessThan(4);
  });

  it('crosses decision by decision, each from either parent with the same chance', () => {
    const rows = object({
      bits: repeat(bool(), 20),
      gate: variant('kind', { off: {}, on: { ratio: choice([1, 2]) } }),
      tail: repeat(bool(), { min: 0, max: 3 }),
    });
    const first = rows.validate({ bits: Array(20).fill(false), gate: { kind: 'on', ratio: 1 }, tail: [] });
    const second = rows.validate({ bits: Array(20).fill(true), gate: { kind: 'on', ratio: 2 }, tail: [true, true] });
    const random = new Random(5);
    const children = Array.from({ length: 400 }, () => rows.crossover(first, second, random));
    const share = (holds: (child: (typeof children)[number]) => boolean) => children.filter(holds).length / 400;
    const shares = [
      ...first.bits.map((_, place) => share(({ bits }) => bits[place] === true)),
      share(({ gate }) => gate.kind === 'on' && gate.ratio === 2),
      share(({ tail }) => tail.length === 2),
    ];
    expect(Math.min(...shares)).toBeGreaterThan(0.4);
    expect(Math.max(...shares)).toBeLessThan(0.6);
    expect(new Set(children.map(({ bits }) => bits.join())).size).toBeGreaterThan(390);
  });
});

describe('a chain of blocks with a conditional gate', () => {
  it('counts what it holds: 3 widths, and no gate or one of 2 ratios hard or soft', () => {
    expect(block.size()).toBe(15n);
    expect(chain.size()).toBe(15n + 225n);
    expect(repeat(block, 40).size()).toBe(15n ** 40n);
  });

  it('weighs lengths by how many architectures they have', () => {
    expect(Math.abs(uniformityScore(chain, 24_000, 5))).toBeLessThan(4);
  });

  it('samples far beyond the integers of a number', () => {
    const deep = repeat(block, { min: 39, max: 40 });
    const random = new Random(3);
    const short = Array.from({ length: 3200 }, () => deep.sample(random)).filter(({ length }) => length === 39).length;
    expect(short).toBeGreaterThan(150);
    expect(short).toBeLessThan(250);
  });

  it('encodes ranks, one-hot cases and zeros for what is absent', () => {
    expect(chain.encode([{ width: 16, gate: { kind: 'se', ratio: 0.5, hard: true } }])).toEqual([
      1 / 2,
      2 / 3,
      0,
      1,
      0,
      1,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
    ]);
  });

  it('asks for the length first and for a gate only where there is one', () => {
    expect(chain.sequence([{ width: 8, gate: { kind: 'se', ratio: 0.25, hard: false } }])).toEqual([
      { path: 'architecture.length', options: ['1', '2'], option: 0 },
      { path: 'architecture[0].width', options: ['8', '16', '24'], option: 0 },
      { path: 'architecture[0].gate.kind', options: ['none', 'se'], option: 1 },
      { path: 'architecture[0].gate(se).ratio', options: ['0.25', '0.5'], option: 0 },
      { path: 'architecture[0].gate(se).hard', options: ['false', 'true'], option: 0 },
    ]);
  });

  it('describes its decisions in one row each', () => {
    expect(chain.describe().map(({ path }) => path)).toEqual([
      'architecture.length',
      'architecture[0..1].width',
      'architecture[0..1].gate.kind',
      'architecture[0..1].gate(se).ratio',
      'architecture[0..1].gate(se).hard',
    ]);
  });

  it('appends and drops the last block when the depth changes', () => {
    const first = { width: 8, gate: { kind: 'none' } } as const;
    const longer = [...chain.neighbours([first])].filter(({ length }) => length === 2);
    expect(longer).toHaveLength(15);
    expect(longer.every(([kept]) => kept === first)).toBe(true);
    expect([...chain.neighbours([first, { width: 24, gate: { kind: 'none' } }])]).toContainEqual([first]);
  });

  it('refuses a wrong sequence of answers', () => {
    expect(() => chain.rebuild([0, 0])).toThrow('lacks a decision: architecture[0].gate.kind');
    expect(() => chain.rebuild([0, 0, 0, 0])).toThrow('ends after 3 decisions');
    expect(() => chain.rebuild([0, 3])).toThrow('architecture[0].width has options 0 to 2, not 3');
  });
});

describe('validation', () => {
  const decision = object({ depth: int({ min: 1, max: 3 }), blocks: chain, ends: tuple(choice(['in']), bool()) });
  const good = { depth: 1, blocks: [{ width: 8, gate: { kind: 'none' } }], ends: ['in', true] };

  it.each<[string, unknown, string]>([
    ['a wrong option', { ...good, depth: 4 }, 'architecture.depth is 4; allowed: 1, 2, 3.'],
    ['a missing key', { ends: good.ends, blocks: good.blocks }, 'architecture.depth is missing; allowed: 1, 2, 3.'],
    ['an unknown key', { ...good, dept: 1 }, 'architecture has the unknown key "dept" (did you mean depth?).'],
    ['no object', 7, 'architecture is 7; an object with the keys depth, blocks, ends is expected.'],
    ['no list', { ...good, blocks: 'x' }, 'architecture.blocks is "x"; a list of 1 to 2 items is expected.'],
    ['a wrong length', { ...good, blocks: [] }, 'architecture.blocks has 0 items; allowed: 1 to 2 items.'],
    ['a wrong fixed length', { ...good, ends: [] }, 'architecture.ends has 0 items; allowed: 2 items.'],
    [
      'a wrong case',
      { ...good, blocks: [{ width: 8, gate: { kind: 'sf' } }] },
      'architecture.blocks[0].gate.kind is "sf"; allowed: none, se.',
    ],
    [
      'a decision that another one switches off',
      { ...good, blocks: [{ width: 8, gate: { kind: 'none', ratio: 0.5 } }] },
      'architecture.blocks[0].gate has the unknown key "ratio".',
    ],
  ])('names the path, what was found and what is allowed: %s', (_, value, message) => {
    expect(() => decision.validate(value)).toThrow(new UsageError(message));
  });

  it('puts keys in the order of the description', () => {
    const shuffled = { ends: good.ends, blocks: good.blocks, depth: good.depth };
    expect(JSON.stringify(decision.validate(shuffled))).toBe(JSON.stringify(good));
  });

  it('infers the type of the architecture', () => {
    expectTypeOf<Infer<typeof decision>>().toEqualTypeOf<{
      readonly depth: number;
      readonly blocks: readonly {
        readonly width: number;
        readonly gate:
          | { readonly kind: 'none' }
          | { readonly kind: 'se'; readonly ratio: 0.25 | 0.5; readonly hard: boolean };
      }[];
      readonly ends: readonly ['in', boolean];
    }>();
  });
});

describe('a cell whose nodes choose among their predecessors', () => {
  const cell = repeat(
    (node) => object({ from: choice([...Array(2 + node).keys()]), operator: choice(['conv', 'pool']) }),
    { min: 1, max: 3 },
  );

  it('counts the product over its nodes', () => {
    expect(cell.size()).toBe(4n + 4n * 6n + 4n * 6n * 8n);
    expectSmallLaws(cell);
    expect(() => cell.validate([{ from: 2, operator: 'conv' }])).toThrow('architecture[0].from is 2; allowed: 0, 1.');
  });
});

describe('a relaxed description', () => {
  it('leaves choices open under their path and decides the rest at its largest', () => {
    expect(
      object({
        operator: choice(['conv', 'pool']),
        width: ordinal([8, 16]),
        only: choice(['one']),
        blocks: chain,
      }).relaxed(),
    ).toEqual({
      operator: new Mixture('architecture.operator', ['conv', 'pool']),
      width: 16,
      only: 'one',
      blocks: [0, 1].map((index) => ({
        width: 24,
        gate: {
          kind: 'se',
          ratio: new Mixture(`architecture.blocks[${index}].gate(se).ratio`, [0.25, 0.5]),
          hard: true,
        },
      })),
    });
  });
});

describe('a description that makes no sense', () => {
  it('is refused when it is written', () => {
    expect(() => choice([])).toThrow('at least one option');
    expect(() => choice(['a', 'a'])).toThrow('options repeat: a, a');
    expect(() => ordinal([2, 1])).toThrow('ordinal options must grow: 2, 1');
    expect(() => int({ min: 3, max: 1 })).toThrow('int needs integers with min <= max');
    expect(() => repeat(bool(), { min: 2, max: 1 })).toThrow('repeat needs a length');
  });
});
