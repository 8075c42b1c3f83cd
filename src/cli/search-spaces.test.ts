/** @file `nas search --space X` from end to end, for a space of cells; `search/every-space-search.test.ts` searches all. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../test/cli/commands.js';
import { newFolder } from '../../test/cli/nas.js';

const folder = newFolder();
const run = commandsIn(folder, {
  NASTURTIUM_STORE: join(folder, 'studies.db'),
  NASTURTIUM_CACHE: join(folder, 'cache'),
});

/** A candidate and the winner, both at a fraction of its width and for a few steps. */
const training = { epochs: 1, subset: 32, validSubset: 20, batchSize: 16, learningRate: 0.02, widthMultiplier: 0.25 };
const search = { data: 'digits', strategy: 'random', trials: 1, workers: 1, final: training };
writeFileSync(join(folder, 'tiny.yaml'), JSON.stringify({ ...search, evaluation: { name: 'train', ...training } }));

describe('nas search', () => {
  it('of a space of cells ends with a trained model', async () => {
    const name = 'nas-bench-201';
    const { status, stdout, stderr } = await run('search', 'tiny.yaml', '--space', name, '--name', name, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { trials, final, files } = JSON.parse(stdout);
    expect(trials).toMatchObject({ completed: 1, failed: 0, pruned: 0, infeasible: 0 });
    expect(final).toMatchObject({ epochs: 1, testImages: 269 });
    expect(existsSync(files.onnx)).toBe(true);
  });
});
