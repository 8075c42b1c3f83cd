/** @file Definitions of the user's own, by their modules: which export counts, and what is said of modules without one. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluationNamed, evaluationRegistry } from '../evaluation/registry.js';
import { spaceRegistry, spaces } from '../space/registry.js';
import { strategyRegistry } from '../strategy/registry.js';
import { stoppingNamed, stoppingRegistry } from '../strategy/stopping/registry.js';
import { checkReference, recall, referred } from './reference.js';
import { writtenReference } from './reference-text.js';

const referredSpace = (text: string) => referred(text, spaceRegistry);

const folder = mkdtempSync(join(tmpdir(), 'space-module-'));
const moduleOf = (name: string, text: string): string => {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
};
/** What a space can do, as a module with another installation of the library would export it. */
const spaceText = (name: string) => `{
  name: '${name}', title: '', paper: '', description: '', published: [], notations: [],
  decisions: new Proxy({}, { get: () => () => {} }),
  build() {}, parse() {}, format() {}, mutate() {}, canonical() {},
}`;

describe('a reference to a space', () => {
  it('is a name, or the module that exports it, which is known by its name from then on', async () => {
    expect(await referredSpace('mobile')).toMatchObject({ definition: { name: 'mobile' }, module: null });
    const file = moduleOf('one', `export const count = 3, one = ${spaceText('one-of-mine')};`);
    const { definition: space, module } = await referredSpace(file);
    expect([space.name, module]).toEqual(['one-of-mine', file]);
    expect(spaces).toContain(space);
    expect((await referredSpace('one-of-mine')).definition).toBe(space);
    expect((await referredSpace(file)).definition).toBe(space);
  });

  it('prefers the default export', async () => {
    const file = moduleOf('two', `export const a = ${spaceText('a')}; export default ${spaceText('b')};`);
    expect((await referredSpace(file)).definition.name).toBe('b');
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

  it('may be to any kind of definition, which is known to a study that keeps it', async () => {
    const zod = pathToFileURL(createRequire(import.meta.url).resolve('zod')).href;
    const members = `name: 'constant', title: '', paper: '', settings: z.strictObject({})`;
    const evaluation = moduleOf(
      'evaluation',
      `import { z } from '${zod}'; const measure = { metrics: { size: { title: 'size', format: 'number', direction: 'min' } }, score: 'size' };
      export default { ${members}, description: '', measure, create: () => ({ evaluate() {} }) };`,
    );
    const stopping = moduleOf('stopping', `import { z } from '${zod}'; export default { ${members}, create() {} };`);
    expect((await referred(evaluation, evaluationRegistry)).definition).toBe(evaluationNamed('constant'));
    expect((await referred(stopping, stoppingRegistry)).definition).toBe(stoppingNamed('constant'));
    const { definition, reference } = await checkReference({ name: stopping, settings: {} }, stoppingRegistry);
    expect(reference).toMatchObject({ name: 'constant', module: stopping, settings: {} });
    expect(writtenReference(reference)).toEqual({ name: stopping });
    expect(await recall(reference, stoppingRegistry)).toBe(definition);
    await expect(recall({ ...reference, name: 'changing' }, stoppingRegistry)).rejects.toThrow(
      `The study refers to the stopping rule "changing" of the module ${stopping}, which is now called "constant": give it back its name, or begin a new study.`,
    );
    await expect(referred(evaluation, strategyRegistry)).rejects.toThrow('exports no strategy');
  });

  it('is kept with all settings of the definition, which refuses others', async () => {
    const { reference } = await checkReference({ name: 'median', settings: { startupTrials: 3 } }, stoppingRegistry);
    expect(reference).toEqual({ name: 'median', settings: { letRun: 0, startupTrials: 3, warmupEpochs: 1 } });
    expect(writtenReference(reference)).toEqual({ name: 'median', letRun: 0, startupTrials: 3, warmupEpochs: 1 });
    await expect(checkReference({ name: 'mobile', settings: { depth: 3 } }, spaceRegistry)).rejects.toThrow(
      'There is no setting "depth"; there are no settings.',
    );
  });

  it('is refused where there is no such file', async () => {
    await expect(referredSpace(join(folder, 'absent.mjs'))).rejects.toThrow(/^There is no file .*absent\.mjs/);
  });
});
