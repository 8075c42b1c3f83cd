/** @file The space of a study whose module has changed since. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadSpace } from './architecture.js';

it('a study says so where the module of its space has given the space another name', async () => {
  const spaceModule = join(mkdtempSync(join(tmpdir(), 'architecture-')), 'renamed.mjs');
  writeFileSync(
    spaceModule,
    `const f = () => {};
export default { name: 'new-name', title: '', paper: '', description: '', decisions: {}, build: f, parse: f, format: f, mutate: f, canonical: f };`,
  );
  await loadSpace({ space: 'new-name', spaceModule });
  await expect(loadSpace({ space: 'old-name', spaceModule })).rejects.toThrow(
    `The study searches the space "old-name" of the module ${spaceModule}, which is now called "new-name": give it back its name, or begin a new study.`,
  );
});
