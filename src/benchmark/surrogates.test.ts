/** @file `nas bench surrogates` from end to end: what it reports of a small table, the same for the same seed, and errors. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../test/cli/commands.js';
import { newFolder } from '../../test/cli/nas.js';
import { Random } from '../random.js';
import { nasBench201 } from '../space/nas-bench-201.js';

const folder = newFolder();
const run = commandsIn(folder, {});
const bench = (...args: string[]) => run('bench', 'surrogates', 'cells.csv', ...args);

const space = nasBench201();
const random = new Random(1);
const cells = [...new Set(Array.from({ length: 90 }, () => space.format(space.decisions.sample(random))))];
const count = (cell: string, operator: string) => cell.split(operator).length - 1;
/** Milliseconds that convolutions take, a column that says nothing, and one that is the same for all. */
const rows = cells.map((cell, index) =>
  [cell, 2 + 5 * count(cell, 'nor_conv_3x3') + 2 * count(cell, 'nor_conv_1x1') + 0.01 * index, index % 7, 4].join(),
);
writeFileSync(join(folder, 'cells.csv'), ['arch,latency,noise,constant', ...rows].join('\n'));

const latency = ['--target', 'latency', '--surrogate', 'gaussian-process'];
const few = [...latency, '--train', '30', '--runs', '1'];

describe('nas bench surrogates', () => {
  it('tells how well any column is predicted, and how sure predictions are', async () => {
    const { status, stdout } = await bench(
      ...latency,
      '--surrogate',
      'forest',
      '--train',
      '20,30',
      '--runs',
      '2',
      '--json',
    );
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ space: 'nas-bench-201', runs: 2, seed: 0, target: { column: 'latency' } });
    expect(
      result.results.map(({ surrogate, train }: { surrogate: string; train: number }) => [surrogate, train]),
    ).toEqual([
      ['gaussian-process', 20],
      ['forest', 20],
      ['gaussian-process', 30],
      ['forest', 30],
    ]);
    for (const { spearman, kendall, std, within50, within90, crossValidatedSpearman, factor } of result.results) {
      expect(spearman).toBeGreaterThan(0.7);
      expect(kendall).toBeLessThan(spearman);
      expect(std).toBeGreaterThan(0);
      expect(crossValidatedSpearman).toBeGreaterThan(0.5);
      expect(factor).toBeGreaterThan(0);
      expect(within90).toBeGreaterThan(within50);
    }
  });

  it('finds nothing where nothing is to be learnt', async () => {
    const { stdout } = await bench(
      '--target',
      'noise',
      '--train',
      '40',
      '--runs',
      '3',
      '--surrogate',
      'forest',
      '--json',
    );
    expect(Math.abs(JSON.parse(stdout).results[0].spearman)).toBeLessThan(0.35);
  });

  it('gives the same for the same seed, and people a table', async () => {
    const [first, second] = [await bench(...few), await bench(...few)];
    expect(first.stdout).toBe(second.stdout);
    expect(first.stdout).toMatch(/^surrogate +train +Spearman +Kendall +by CV +in 50 % +in 90 % +factor$/m);
    expect(first.stdout).toMatch(/^gaussian-process +30 +0\.\d{3} ± 0\.\d{3}/m);
    const other = await bench(...few, '--seed', '1');
    expect(other.stdout).not.toBe(first.stdout);
  });

  it.each([
    [['--surrogate', 'forrest'], 'The option --surrogate is "forrest" (did you mean forest?), but it must be one of'],
    [['--target', 'latncy'], 'There is no column "latncy" in'],
    [
      ['--target', 'constant', '--train', '20'],
      'have the same constant, of which nothing can be learnt: name another column with --target.',
    ],
    [
      ['--target', 'latency', '--train', '85'],
      'too few to learn from 85 and predict others, so give --train a smaller number.',
    ],
    [['--target', 'latency', '--train', '5'], 'The option --train is "5", but it must be'],
  ])('explains %j', async (args, message) => {
    const { status, stderr } = await bench(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
