/** @file `nas correlate --fidelity`: its document, its table, the study that it goes on with, and what it refuses. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandsIn } from '../../test/cli/commands.js';
import { newFolder } from '../../test/cli/nas.js';

const folder = newFolder();
const run = commandsIn(folder, {
  NASTURTIUM_STORE: join(folder, 'studies.db'),
  NASTURTIUM_CACHE: join(folder, 'cache'),
});

it('prints one document with all pairs, times and the recommendation, and shows the study again as a table', async () => {
  const small = ['--data', 'digits', '--evaluation', 'train:subset=64,validSubset=40', '--max-macs', '200k'];
  const begun = await run('correlate', '--fidelity', 'epochs=2,1', '-n', '5', '--workers', '1', ...small, '--json');
  expect(begun.status).toBe(0);
  const { study, n, pairs, seconds, recommended, evaluation, config } = JSON.parse(begun.stdout);
  expect({ study, n }).toEqual({ study: 'digits', n: 5 });
  expect(pairs).toHaveLength(1);
  expect(Object.keys(pairs[0])).toEqual(['a', 'b', 'spearman', 'kendall', 'ndcg', 'interval']);
  expect(pairs[0]).toMatchObject({ a: 'epochs=1', b: 'epochs=2' });
  expect(pairs[0].interval).toHaveLength(2);
  expect(Object.keys(seconds)).toEqual(['epochs=1', 'epochs=2']);
  expect(evaluation).toBe(`train:${recommended},subset=64,validSubset=40`);
  expect(existsSync(config)).toBe(true);
  const again = await run('correlate', 'digits');
  expect(again.status).toBe(0);
  expect(again.stdout).toMatch(/epochs=2 +one training\nepochs=1 .* \[.*\] /);
  expect(again.stdout).toContain(`recommended    ${recommended}`);
  expect(again.stdout).toContain('recommended.yaml');
}, 60_000);

it.each([
  [
    [],
    'What is to be compared? Give --fidelity, such as epochs=1,2,4,8, a study of budgets, or --proxies with --table.',
  ],
  [['--fidelity', 'epochs=1,2'], 'Which images? Give --data'],
  [['--fidelity', 'epochs=1', '--data', 'digits'], 'must be two or more budgets of epochs, data, resolution'],
  [['--fidelity', 'epochs=1,2', '--data', 'digits', '-n', '4'], '4 architectures are too few for a correlation'],
  [['mine', '--fidelity', 'epochs=1,2'], 'The study "mine" has its budgets'],
  [['--fidelity', 'epochs=1,2', '--data', 'digits', '--wanted', '2'], 'a correlation above 0 and up to 1'],
  [
    ['--fidelity', 'depth=0.5,1', '--data', 'digits', '--space', 'mobile'],
    'The setting evaluation, at 0.500 of a full evaluation, does not fit the space mobile.',
  ],
  [
    ['--fidelity', 'data=0.001,1', '--data', 'digits'],
    'The strategy each-fidelity begins with 0.00100 of a full evaluation, which is too little',
  ],
])('%j is refused with one sentence', async (args, sentence) => {
  const { status, stderr } = await run('correlate', ...args);
  expect(status).toBe(2);
  expect(stderr).toContain(sentence);
});
