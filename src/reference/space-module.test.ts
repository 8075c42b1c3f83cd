/** @file Spaces of the user's own, by their modules: which export counts, and what is said of modules without one. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spaces } from '../space/registry.js';
import { referredSpace } from './space-module.js';

const folder = mkdtempSync(join(tmpdir(), 'space-module-'));
const moduleOf = (name: string, text: string): string => {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
};
/** What a space can do, as a module with another installation of the library would export it. */
const spaceText = (name: string) => `{
  name: '${name}', title: '', paper: '', description: '', published: [], decisions: {},
  build() {}, parse() {}, format() {}, mutate() {}, canonical() {},
}`;

describe('a reference to a space', () => {
  it('is a name, or the module that exports it, which is known by its name from then on', async () => {
    expect(await referredSpace('mobile')).toMatchObject({ space: { name: 'mobile' }, module: null });
    const file = moduleOf('one', `export const count = 3, one = ${spaceText('one-of-mine')};`);
    const { space, module } = await referredSpace(file);
    expect([space.name, module]).toEqual(['one-of-mine', file]);
    expect(spaces).toContain(space);
    expect((await referredSpace('one-of-mine')).space).toBe(space);
    expect((await referredSpace(file)).space).toBe(space);
  });

  it('prefers the default export', async () => {
    const file = moduleOf('two', `export const a = ${spaceText('a')}; export default ${spaceText('b')};`);
    expect((await referredSpace(file)).space.name).toBe('b');
  });

  it.each([
    ['three', `export const a = ${spaceText('x')}, b = ${spaceText('y')};`, /exports the search spaces x, y: make one/],
    ['none', `export const a = { name: 'x' };`, /none\.mjs exports no search space: let it end with 'export default/],
    ['taken', `export default ${spaceText('mobile')};`, /names its search space "mobile", as another one is named/],
    [
      'failing',
      'const width = 3;\nwidht + 1;',
      /failing\.mjs of a search space cannot be loaded \(ReferenceError: widht is not defined.*\): correct it; 'node .*failing\.mjs'/,
    ],
    ['thrown', `throw 'no width';`, /cannot be loaded \(no width\): correct it/],
    [
      'lacking',
      `import 'no-such-package';`,
      /Cannot find package 'no-such-package' .*: install what it imports in its/,
    ],
  ])('is refused where the module is %s', async (name, text, message) => {
    await expect(referredSpace(moduleOf(name, text))).rejects.toThrow(message);
  });

  it('is refused where there is no such file', async () => {
    await expect(referredSpace(join(folder, 'absent.mjs'))).rejects.toThrow(/^There is no file .*absent\.mjs/);
  });
});
