/** @file The registry of search spaces. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../error.js';
import { Random } from '../random.js';
import { nasBench201 } from './nas-bench-201.js';
import { registerSpace, spaceNamed, spaces } from './registry.js';

describe('the registry', () => {
  it('finds every space by its name', () => {
    for (const space of spaces) expect(spaceNamed(space.name)).toBe(space);
  });

  it('takes a space of one’s own, under a name of its own', () => {
    const own = { ...nasBench201({ cells: 1 }), name: 'small-cells' };
    registerSpace(own);
    expect(spaceNamed('small-cells')).toBe(own);
    expect(spaces).toContain(own);
    expect(() => registerSpace(own)).toThrow('There is a search space "small-cells" already');
  });

  it('suggests the nearest name', () => {
    expect(() => spaceNamed('nasbench201')).toThrow(UsageError);
    expect(() => spaceNamed('nasbench201')).toThrow('did you mean nas-bench-201?');
  });

  it('holds spaces that read what they write', () => {
    for (const { decisions, format, parse } of spaces) {
      const architecture = decisions.sample(new Random(1));
      expect(parse(format(architecture))).toEqual(architecture);
    }
  });
});
