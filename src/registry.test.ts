/** @file Registries: what is found, what is refused, and in which words. */
import { describe, expect, it } from 'vitest';
import { UsageError } from './error.js';
import { Registry } from './registry.js';

interface Bird {
  readonly name: string;
  sing(): string;
}
const bird = (name: string): Bird => ({ name, sing: () => name });
const text = { noun: 'bird', plural: 'birds', maker: '{ … }', members: { string: ['name'], function: ['sing'] } };
const newRegistry = () => new Registry<Bird>(text, [bird('sparrow'), bird('robin')]);

describe('a registry', () => {
  it('finds by name, and names the nearest and all', () => {
    const birds = newRegistry();
    expect(birds.named('robin')).toBe(birds.all[1]);
    expect(() => birds.named('sparow')).toThrow(
      new UsageError('There is no bird "sparow" (did you mean sparrow?); there are sparrow, robin.'),
    );
  });

  it('takes up another one under a name of its own, and lists it to those who hold the list', () => {
    const birds = newRegistry();
    const { all } = birds;
    const wren = bird('wren');
    birds.register(wren);
    expect(all.map(({ name }) => name)).toEqual(['sparrow', 'robin', 'wren']);
    expect(() => birds.register(bird('wren'))).toThrow(
      new UsageError('There is a bird "wren" already: give this one a name of its own.'),
    );
  });

  it('knows its kind by what it can do', () => {
    const birds = newRegistry();
    expect(
      [bird('owl'), { name: 'stone' }, { name: 3, sing() {} }, null, 'owl'].map((one) => birds.accepts(one)),
    ).toEqual([true, false, false, false, false]);
  });
});
