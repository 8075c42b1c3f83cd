/** @file Searches on a table: the best by signal, evaluations that are spent, and the order of the simulated clock. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../json.js';
import { nasBench201 } from '../space/nas-bench-201.js';
import type { Outcome, Proposal, Strategy } from '../strategy/strategy.js';
import { replaySearch } from './replayed-search.js';
import { Tabulation } from './tabulation.js';

const file = join(mkdtempSync(join(tmpdir(), 'replayed-')), 'table.csv');
const space = nasBench201();
const architectures = [...space.decisions.enumerate()].slice(0, 5);
const rows = ['arch,short_1,short_4,test,seconds'];
for (const [index, architecture] of architectures.slice(0, 4).entries()) {
  const cells = [
    [10, 1, 70, 4],
    [20, 3, 90, 1],
    [30, 2, 80, 2],
    [40, '', 60, 1],
  ][index];
  rows.push([space.format(architecture), ...(cells ?? [])].join(','));
}
writeFileSync(file, rows.join('\n'));

/** Proposes what it is given, and notes what it is told. */
function scripted(proposals: readonly (Proposal | 'wait')[]) {
  const left = [...proposals];
  const told: [number, Outcome][] = [];
  const strategy: Strategy = {
    ask: async () => left.shift() ?? 'exhausted',
    tell: async (trial, outcome) => void told.push([trial, outcome]),
  };
  return { strategy, told };
}

const full = (index: number): Proposal => ({ architecture: (architectures[index] ?? null) satisfies Json });

describe('a replayed search', () => {
  it('reports the target of the best by signal, and keeps it when the space is exhausted', async () => {
    const table = await Tabulation.read(file, { signal: 'short_1', target: 'test' });
    const { strategy, told } = scripted([full(2), full(1), full(3)]);
    const { best, seconds, questions } = await replaySearch(table, strategy, { evaluations: 5, workers: 1 });
    expect(best).toEqual([80, 80, 60, 60, 60]);
    expect(seconds).toEqual([1, 2, 3, 3, 3]);
    expect(questions).toBe(3);
    expect(told.map(([, outcome]) => outcome)).toEqual([30, 20, 40].map((score) => ({ state: 'completed', score })));
  });

  it('tells that what has no target has failed', async () => {
    const gap = join(mkdtempSync(join(tmpdir(), 'replayed-')), 'gap.csv');
    const [first, second] = architectures.map((architecture) => space.format(architecture));
    writeFileSync(gap, `arch,valid,test\n${first},9,\n${second},8,70\n`);
    const { strategy, told } = scripted([full(1), full(0)]);
    const { best } = await replaySearch(await Tabulation.read(gap), strategy, { evaluations: 2, workers: 1 });
    expect(best).toEqual([70, 70]);
    expect(told[1]).toEqual([1, { state: 'failed' }]);
  });

  it('has no best until an evaluation succeeds, and none at all where every one fails', async () => {
    const table = await Tabulation.read(file, { signal: 'short_4', target: 'test', time: 'seconds' });
    const run = async (...proposals: Proposal[]) =>
      replaySearch(table, scripted(proposals).strategy, { evaluations: 3, workers: 1 });
    expect(await run(full(3), full(1), full(0))).toMatchObject({ best: [null, 90, 90], seconds: [1, 2, 6] });
    expect(await run(full(3), full(3))).toMatchObject({ best: [null, null, null], seconds: [1, 2, 2] });
  });

  it('refuses a strategy that waits for nothing', async () => {
    const table = await Tabulation.read(file, { signal: 'short_1', target: 'test' });
    const { strategy } = scripted([full(0), 'wait']);
    await expect(replaySearch(table, strategy, { evaluations: 3, workers: 1 })).rejects.toThrow(
      'the strategy waits for answers, but no trial is running',
    );
  });

  it('stops when the evaluations are spent', async () => {
    const table = await Tabulation.read(file, { signal: 'short_1', target: 'test' });
    const { strategy, told } = scripted([full(0), full(1), full(2)]);
    expect((await replaySearch(table, strategy, { evaluations: 2, workers: 1 })).best).toEqual([70, 90]);
    expect(told).toHaveLength(2);
  });

  it('answers in the order of the simulated clock', async () => {
    const table = await Tabulation.read(file, { signal: 'short_1', target: 'test', time: 'seconds' });
    const { strategy, told } = scripted([full(0), full(1), full(2)]);
    const { best, seconds } = await replaySearch(table, strategy, { evaluations: 3, workers: 2 });
    // 0 takes 4 s; meanwhile 1 takes 1 s, and 2 the 2 s after it.
    expect(told.map(([trial]) => trial)).toEqual([1, 2, 0]);
    expect(seconds).toEqual([1, 3, 4]);
    expect(best).toEqual([90, 80, 80]);
  });

  it('spends shares of evaluations, and believes the larger fidelity', async () => {
    const table = await Tabulation.read(file, { signal: 'short_*', target: 'test', time: 'seconds' });
    const quarter = (index: number): Proposal => ({ ...full(index), fidelity: 0.25 });
    const { strategy, told } = scripted([quarter(0), quarter(1), quarter(2), quarter(3), full(1), full(2)]);
    const { best, seconds } = await replaySearch(table, strategy, { evaluations: 3, workers: 1 });
    expect(told.map(([, outcome]) => (outcome.state === 'completed' ? outcome.score : null))).toEqual([
      10, 20, 30, 40, 3, 2,
    ]);
    expect(best).toEqual([60, 90, 90]);
    expect(seconds).toEqual([2, 3, 5]);
  });

  it('tells that what has no number has failed, and that what the table lacks is infeasible and free', async () => {
    const table = await Tabulation.read(file, { signal: 'short_4', target: 'test' });
    const { strategy, told } = scripted([full(0), full(4), full(3), full(2)]);
    const { best } = await replaySearch(table, strategy, { evaluations: 3, workers: 1 });
    expect(told.map(([trial, { state }]) => [trial, state])).toEqual([
      [0, 'completed'],
      [1, 'infeasible'],
      [2, 'failed'],
      [3, 'completed'],
    ]);
    expect(best).toEqual([70, 70, 80]);
  });

  it('gives up where the table holds nothing of what is asked', async () => {
    const table = await Tabulation.read(file, { signal: 'short_1', target: 'test' });
    const strategy: Strategy = { ask: async () => full(4), tell: async () => {} };
    await expect(replaySearch(table, strategy, { evaluations: 2, workers: 1 })).rejects.toThrow(
      'The table holds 4 of the 15,625 architectures of nas-bench-201',
    );
  });
});
