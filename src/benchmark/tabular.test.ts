/** @file `nas bench tabular` from end to end: published means, the same results for the same seed, plots and errors. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../test/cli/commands.js';
import { newFolder } from '../../test/cli/nas.js';
import { nasBench201 } from '../space/nas-bench-201.js';

const folder = newFolder();
const run = commandsIn(folder, {});
/** In one child process, where the number of them does not matter. */
const benchOf = (table: string, ...args: string[]) => run('bench', 'tabular', table, '--processes', '1', ...args);
const bench = (...args: string[]) => benchOf('nas-bench-201-cifar10', ...args, '--json');

interface Result {
  readonly strategy: string;
  readonly evaluations: number[];
  readonly mean: number[];
  readonly standardError: number[];
}

describe('nas bench tabular', () => {
  it('comes to the means of an independent simulation', { timeout: 120_000 }, async () => {
    const evolution = 'regularized-evolution:populationSize=10,sampleSize=3,repeats=true';
    const { status, stdout } = await bench(
      ...[
        '--isomorphs',
        '--runs',
        '300',
        '--strategy',
        'random',
        '--strategy',
        evolution,
        '--strategy',
        // The simulation evaluates known ones again.
        'local-search:repeats=true',
      ],
    );
    expect(status).toBe(0);
    const { optimum, results }: { optimum: number; results: Result[] } = JSON.parse(stdout);
    expect(optimum).toBe(94.3733);
    // Means over 300 runs of a simulation in Python that shares no code with this one, after 50, 100, 200, 300.
    const expected = [
      [93.48, 93.76, 93.91, 93.97],
      [93.62, 93.93, 94.11, 94.21],
      [93.84, 94.11, 94.3, 94.35],
    ];
    for (const [index, { mean, standardError, evaluations }] of results.entries()) {
      expect(evaluations).toEqual([50, 100, 200, 300]);
      for (const [point, value] of mean.entries()) {
        // Both have standard errors of about the same size: three of the difference.
        const bound = 3 * Math.SQRT2 * (standardError[point] ?? 0);
        expect(Math.abs(value - (expected[index]?.[point] ?? 0)), `${index} after ${evaluations[point]}`).toBeLessThan(
          bound,
        );
      }
    }
  });

  it('gives the same for the same seed, whatever the number of processes', { timeout: 60_000 }, async () => {
    const means = async (...args: string[]) => {
      const { stdout } = await bench('--strategy', 'local-search', '--evaluations', '60', '--runs', '9', ...args);
      const { results }: { results: Result[] } = JSON.parse(stdout);
      return results.map(({ mean }) => mean);
    };
    const first = await means('--seed', '3', '--processes', '1');
    expect(await means('--seed', '3', '--processes', '2')).toEqual(first);
    expect(await means('--seed', '4')).not.toEqual(first);
  });

  it('writes plots of regret as pages and as images', { timeout: 60_000 }, async () => {
    for (const file of ['regret.html', 'regret.svg']) {
      const { status } = await bench('--strategy', 'random', '--evaluations', '20', '--runs', '4', '--plot', file);
      expect(status).toBe(0);
      const text = readFileSync(join(folder, file), 'utf8');
      expect(text).toContain('Mean regret of random by evaluations.');
      expect(text).toMatch(
        file.endsWith('svg') ? /^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/ : /^<!doctype html>/,
      );
    }
  });

  it('says in how many runs nothing succeeded, and counts those as worse', { timeout: 60_000 }, async () => {
    const space = nasBench201();
    const rows = [...space.decisions.enumerate()].map(
      (cell, row) => `${space.format(cell)},${row % 500 === 0 ? 50 : ''}`,
    );
    writeFileSync(join(folder, 'blank.csv'), ['arch,test', ...rows].join('\n'));
    const strategies = ['--strategy', 'random', '--strategy', 'random:repeats=true'];
    const blank = ['blank.csv', ...strategies, '--runs', '6', '--evaluations', '60'] as const;
    const { status, stdout } = await benchOf(...blank, '--json');
    expect(status).toBe(0);
    const [{ mean, runsWithoutBest }] = JSON.parse(stdout).results;
    expect(mean).toEqual([null, null]);
    expect(runsWithoutBest[0]).toBeGreaterThanOrEqual(runsWithoutBest[1]);
    expect(runsWithoutBest[1]).toBeGreaterThan(0);
    const text = (await benchOf(...blank)).stdout;
    expect(text).toMatch(/random +none +none/);
    expect(text).toContain(
      `none: of 6 runs of random, so many had no evaluation that succeeded: ${runsWithoutBest[0]} after 50`,
    );
  });

  it('replays strategies of fidelities where the table has several', { timeout: 60_000 }, async () => {
    const fidelities = ['--signal', 'valid_accuracy_*_epochs', '--evaluations', '20', '--runs', '4'];
    const { status, stdout } = await bench('--strategy', 'asha', ...fidelities);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).results[0].mean[0]).toBeGreaterThan(90);
  });

  it('takes settings of a strategy within a strategy, as paths and as JSON', { timeout: 60_000 }, async () => {
    const means = async (proposer: string) => {
      const strategy = `guided:score=params,${proposer},samples=8`;
      const known = ['--cost', 'params=params_millions', '--evaluations', '20', '--runs', '4'];
      const { stdout } = await bench('--strategy', strategy, ...known);
      const { results }: { results: Result[] } = JSON.parse(stdout);
      return results.map(({ mean }) => mean);
    };
    const written = await means('proposer={"name":"regularized-evolution","populationSize":5,"sampleSize":2}');
    const path = 'proposer.name=regularized-evolution,proposer.populationSize=5,proposer.sampleSize=2';
    expect(await means(path)).toEqual(written);
    expect(await means('proposer.name=regularized-evolution')).not.toEqual(written);
  });

  it.each([
    [['--strategy', 'rando'], 'There is no strategy "rando" (did you mean random?)'],
    [['--strategy', 'random:repeats'], 'it must be a name, or a name with its settings'],
    [['--strategy', 'random:repeat=true'], 'no setting "repeat" in the strategy random (did you mean repeats?)'],
    [['--strategy', 'asha'], 'The strategy asha begins with 0.111 of a full evaluation, but the least that the signal'],
    [
      ['--strategy', 'hyperband:resource=27', '--signal', 'valid_accuracy_*_epochs'],
      'begins with 0.0370 of a full evaluation, but the least that the signal valid_accuracy_12_epochs tells is 0.0600',
    ],
    [['--strategy', 'random', '--signal', 'valid'], 'There is no column "valid"'],
    [['--strategy', 'random', '--plot', 'x.png'], 'must be a file that ends in .html or .svg'],
    [['--strategy', 'random', '--plot', 'nowhere/x.svg'], 'The plot cannot be written to nowhere/x.svg (ENOENT'],
    [['--strategy', 'random', '--plot', 'old.svg'], 'There is something at old.svg already'],
    [['--strategy', 'nsga2'], 'The strategy is to minimise "params", which is not known of candidates here'],
    [[], 'needs the option --strategy'],
  ])('refuses %j', async (args, message) => {
    writeFileSync(join(folder, 'old.svg'), 'precious');
    const { status, stderr } = await bench(...args);
    expect(status).toBe(2);
    expect(readFileSync(join(folder, 'old.svg'), 'utf8')).toBe('precious');
    expect(stderr).toContain(message);
  });
});
