/** @file `selection` keeps the laws of decisions, counts its sets, and relaxes to all items. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws, expectSmallLaws, uniformityScore } from '../../../test/decision-laws.js';
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import { choice, int } from './choice.js';
import type { Decision } from './decision.js';
import { Mixture } from './mixture.js';
import { object } from './product.js';
import { selection } from './selection.js';

const operator = choice(['conv', 'pool', 'skip']);
const two = selection({ a: operator, b: operator, c: operator, d: operator }, 2);
/** Items of 3, 2 and 1 values. */
const uneven = selection<Decision<string>>({ x: operator, y: choice(['left', 'right']), z: choice(['only']) }, 2);
const nested = object({ first: two, second: selection({ p: int({ min: 1, max: 4 }), q: int({ min: 1, max: 2 }) }, 1) });

describe('selection', () => {
  it('counts sets times the values of their items', () => {
    expect(two.size()).toBe(6n * 9n);
    expect(uneven.size()).toBe(3n * 2n + 3n * 1n + 2n * 1n);
    expect(selection({ a: operator, b: operator }, 0).size()).toBe(1n);
  });

  it.each<Decision<Json>>([two, uneven, nested, selection({ a: operator, b: operator }, 2)])(
    'keeps the laws of decisions (%#)',
    (one) => {
      expectSmallLaws(one);
      fc.assert(
        fc.property(fc.integer(), (seed) => expectLaws(one, seed)),
        { seed: 1, numRuns: 30 },
      );
      expect(Math.abs(uniformityScore(one, 20_000, 1))).toBeLessThan(4);
    },
  );

  it('exchanges one item in a revision of the set', () => {
    const neighbours = [...two.neighbours({ a: 'conv', b: 'pool' })];
    expect(neighbours).toContainEqual({ a: 'conv', d: 'skip' });
    expect(neighbours).not.toContainEqual({ c: 'conv', d: 'skip' });
    // Two operators change to two others; each of four sets brings one new item of three values.
    expect(neighbours).toHaveLength(2 * 2 + 4 * 3);
  });

  it('crosses the set and each common item, from either parent with the same chance', () => {
    const three = selection({ a: operator, b: operator, c: operator }, 2);
    const random = new Random(1);
    const children = Array.from({ length: 400 }, () =>
      three.crossover({ a: 'conv', b: 'conv' }, { a: 'pool', c: 'pool' }, random),
    );
    const texts = children.map((child) => JSON.stringify(child));
    for (const [a, rest] of [
      ['conv', { b: 'conv' }],
      ['conv', { c: 'pool' }],
      ['pool', { b: 'conv' }],
      ['pool', { c: 'pool' }],
    ] as const) {
      const count = texts.filter((text) => text === JSON.stringify({ a, ...rest })).length;
      expect(Math.abs(count - 100)).toBeLessThan(40);
    }
  });

  it('gives items in one order, whichever order they come in', () => {
    expect(Object.keys(two.validate({ d: 'conv', b: 'pool' }))).toEqual(['b', 'd']);
  });

  it.each([
    [{ a: 'conv' }, 'architecture has the keys a; allowed: 2 of the keys a, b, c, d'],
    [{ a: 'conv', e: 'conv' }, 'architecture has the keys a, e; allowed: 2 of the keys a, b, c, d'],
    [{ a: 'conv', b: 'max' }, 'architecture.b is "max"; allowed: conv, pool, skip'],
    [['conv', 'pool'], 'an object with 2 of the keys a, b, c, d is expected'],
    [null, 'architecture is null'],
  ])('refuses %j', (value, message) => {
    expect(() => two.validate(value)).toThrow(message);
  });

  it('describes items that are alike in one row', () => {
    expect(two.describe()).toEqual([
      { path: 'architecture', options: ['a+b', 'a+c', 'a+d', 'b+c', 'b+d', 'c+d'] },
      { path: 'architecture.a..d', options: ['conv', 'pool', 'skip'] },
    ]);
    expect(uneven.describe().map(({ path }) => path)).toEqual([
      'architecture',
      'architecture.x',
      'architecture.y',
      'architecture.z',
    ]);
  });

  it('refuses to select more than there is', () => {
    expect(() => selection({ a: operator }, 2)).toThrow(RangeError);
  });

  it('relaxes to all items, with a first option for an absent one if there is a name for it', () => {
    expect(two.relaxed()).toEqual(
      Object.fromEntries(
        ['a', 'b', 'c', 'd'].map((key) => [key, new Mixture(`architecture.${key}`, ['conv', 'pool', 'skip'])]),
      ),
    );
    expect(selection({ a: operator }, 1, { absent: 'none' }).relaxed()).toEqual({
      a: new Mixture('architecture.a', ['none', 'conv', 'pool', 'skip']),
    });
  });
});
