/** @file What `defineSpace` fills in. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../error.js';
import { Random } from '../random.js';
import { int } from './decisions/choice.js';
import { object } from './decisions/product.js';
import type { Notation } from './notations/notation.js';
import { costFunction, defineSpace, type SpaceDefinition, UnbuildableArchitecture } from './space.js';

const decisions = object({ x: int({ min: 0, max: 3 }), y: int({ min: 0, max: 3 }) });
type Point = { readonly x: number; readonly y: number };

const slashes: Notation<Point> = {
  name: 'slashes',
  description: 'X/Y',
  format: ({ x, y }) => `${x}/${y}`,
  parse(text) {
    const [x, y] = text.split('/').map(Number);
    return y === undefined ? undefined : { x, y };
  },
};

const spaceWith = (more: Partial<SpaceDefinition<Point>> = {}) =>
  defineSpace<Point>({
    name: 'points',
    title: 'Points',
    paper: 'none',
    description: 'Two numbers.',
    decisions,
    build: () => {
      throw new Error('points have no network');
    },
    ...more,
  });

describe('a space', () => {
  it('reads and writes JSON, mutates by one decision and is canonical as it is, if nothing else is said', () => {
    const space = spaceWith();
    const point = { x: 1, y: 2 };
    expect(space.format(point)).toBe('{"x":1,"y":2}');
    expect(space.parse('{"y": 2, "x": 1}')).toEqual(point);
    expect(space.canonical(point)).toBe(space.canonical({ y: 2, x: 1 }));
    expect(space.published).toEqual([]);
    for (let seed = 0; seed < 20; seed++) {
      const { x, y } = space.mutate(point, new Random(seed));
      expect(Number(x !== 1) + Number(y !== 2)).toBe(1);
    }
  });

  it('says which network it cannot build, and why', () => {
    const cost = costFunction(spaceWith(), { channels: 1, height: 8, width: 8, classes: 10 });
    expect(() => cost({ x: 1, y: 2 })).toThrow(
      new UnbuildableArchitecture(
        'The space points cannot build the network of {"x":1,"y":2} (points have no network): correct its build, or leave such architectures out of its decisions.',
      ),
    );
  });

  it('has its own notation, mutation and canonical form, if it says so', () => {
    const space = spaceWith({
      notations: [slashes],
      mutate: ({ x, y }) => ({ x: y, y: x }),
      canonical: ({ x, y }) => [x, y].sort().join(),
    });
    expect(space.parse('1/2')).toEqual({ x: 1, y: 2 });
    expect(space.format({ x: 3, y: 0 })).toBe('3/0');
    expect(space.mutate({ x: 1, y: 2 }, new Random(0))).toEqual({ x: 2, y: 1 });
    expect(space.canonical({ x: 1, y: 2 })).toBe(space.canonical({ x: 2, y: 1 }));
  });

  it('knows published architectures by name, in any case and with hyphens or underscores, and suggests one where a name is near', () => {
    const space = spaceWith({
      published: [{ name: 'THE_ORIGIN', architecture: { x: 0, y: 0 }, source: 'Descartes 1637' }],
    });
    for (const name of [' the_origin ', 'The-Origin', 'theorigin', "'THE_ORIGIN'"])
      expect(space.parse(name)).toEqual({ x: 0, y: 0 });
    expect(() => space.parse('THE_ORIGNI')).toThrow(
      new UsageError(
        'There is no published architecture "THE_ORIGNI" of the space "points" (did you mean THE_ORIGIN?).',
      ),
    );
    expect(() => space.parse('elsewhere')).toThrow('neither JSON nor');
  });

  it('leaves out published architectures that its options exclude, and hides no other error', () => {
    const published = [0, 99].map((x) => ({ name: `x${x}`, architecture: { x, y: 0 }, source: 'Descartes 1637' }));
    expect(spaceWith({ published }).published.map(({ name }) => name)).toEqual(['x0']);
  });
});
