/** @file Processes that begin at the same moment. They need the compiled project: `npm run build`. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StudyStore } from './store.js';

const script = fileURLToPath(new URL('../../test/store/begin-study.mjs', import.meta.url));
const configuration = {
  space: { name: 'mobile', settings: {} },
  strategy: { name: 'random', settings: {} },
  evaluation: { name: 'train', settings: {} },
  data: { reference: 'digits', seed: 0 },
  constraints: {},
  seed: 0,
  trials: 1,
  budgetSeconds: null,
  workers: 1,
  threads: 1,
  limits: { seconds: null, bytes: null },
  final: null,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasturtium-at-once-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('studies that six processes begin at once in a new store get six names', async () => {
  const children = Array.from({ length: 6 }, () => fork(script));
  try {
    await Promise.all(children.map((child) => once(child, 'message')));
    const file = join(folder, 'studies.db');
    const answers = children.map(async (child) => {
      child.send({ file, name: 'digits', configuration });
      const [answer] = await once(child, 'message');
      return answer;
    });
    const names = ['digits', 'digits-2', 'digits-3', 'digits-4', 'digits-5', 'digits-6'];
    expect(new Set(await Promise.all(answers))).toEqual(new Set(names.map((name) => ({ name }))));
    expect(
      StudyStore.read(file)
        .studies()
        .map(({ name }) => name),
    ).toEqual(names);
  } finally {
    for (const child of children) child.kill();
  }
});
