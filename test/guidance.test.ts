/** @file Guidance from the library's door: any function as the cheap score, and rewards in place of scores. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tabulatedStrategy } from '../src/benchmark/tabulated-strategy.js';
import { Tabulation } from '../src/benchmark/tabulation.js';
import { nodeEngine } from '../src/engine/node-engine.js';
import { type Json, Random, space, strategy } from '../src/index.js';

const cells = space.untyped(space.nasBench201());
const convolutions = (architecture: Json): number => cells.format(architecture).split('nor_conv').length - 1;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Convolutions of the first questions of a strategy: each of six edges has two kinds of them among five operators. */
async function asked(
  name: string,
  searched: strategy.SearchedSpace,
  constraints?: strategy.Constraints,
): Promise<number[]> {
  const created = strategy.strategyNamed(name).create({ space: searched, settings: {}, seed: 1, constraints });
  return (await questionsOf(created)).map(convolutions);
}

async function questionsOf(created: strategy.Strategy): Promise<Json[]> {
  const architectures: Json[] = [];
  for (let trial = 0; trial < 40; trial++) {
    const proposal = await created.ask();
    if (typeof proposal === 'string') throw new Error(proposal);
    architectures.push(proposal.architecture);
    await created.tell(trial, { state: 'completed', score: 0 });
  }
  return architectures;
}

describe('guidedSpace', () => {
  it('guides any strategy by any function', async () => {
    const guided = strategy.guidedSpace(cells, convolutions, { samples: 16 });
    for (const name of ['random', 'regularized-evolution']) {
      // 6 · 2/5, and the largest of 16 such numbers in three quarters of the draws.
      expect(mean(await asked(name, cells))).toBeCloseTo(2.4, 0);
      expect(mean(await asked(name, guided))).toBeGreaterThan(3.5);
    }
  });

  it('guides within limits that exclude what it prefers', async () => {
    const limits = {
      limits: { params: 3 },
      cost: (architecture: Json) => ({ params: 1 + convolutions(architecture) }),
    };
    const guided = strategy.guidedSpace(cells, convolutions);
    // Up to two convolutions of six: mostly two, by chance as well (0.31 of 0.54), but 1.5 on average.
    expect(mean(await asked('random', cells, limits))).toBeLessThan(1.65);
    expect(mean(await asked('random', guided, limits))).toBeGreaterThan(1.75);
  });

  it('makes a space that searches find by its name', () => {
    space.registerSpace({ ...cells, ...strategy.guidedSpace(cells, convolutions), name: 'many-convolutions' });
    const { decisions, build } = space.spaceNamed('many-convolutions');
    const architecture = decisions.sample(new Random(1));
    expect(build(architecture, { channels: 3, height: 32, width: 32, classes: 10 }).cost().params).toBeGreaterThan(0);
  });
});

describe('the strategy guided', () => {
  it('screens by a column of a table', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nasturtium-'));
    try {
      const file = join(folder, 'table.csv');
      const random = new Random(3);
      const rows = Array.from({ length: 2_000 }, () => cells.decisions.sample(random))
        .map((architecture) => [cells.format(architecture), convolutions(architecture)] as const)
        .map(([text, count]) => `${text},50,${count}`);
      writeFileSync(file, ['arch,accuracy,naswot_synflow', ...new Set(rows)].join('\n'));
      const columns = { space: 'nas-bench-201', signal: 'accuracy', target: 'accuracy' };
      const table = await Tabulation.read(file, { ...columns, costs: ['synflow=naswot_synflow'] });
      const created = await tabulatedStrategy(
        table,
        { name: 'guided', settings: { proposer: { name: 'random' }, score: 'synflow', unscreened: 0 } },
        1,
        nodeEngine(),
      );
      const questions = await questionsOf(created);
      // One architecture in eight is in the table: others promise nothing.
      expect(questions.filter((architecture) => table.rowOf(architecture) === undefined)).toEqual([]);
      expect(mean(questions.map(convolutions))).toBeGreaterThan(3);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('rewards', () => {
  it('take the place of scores', () => {
    const target = { quantity: 'latencyMs', target: 75 };
    expect(strategy.rewardOf(0.5, { latencyMs: 100 }, strategy.hardReward(target))).toBeCloseTo(0.375, 12);
    const told = strategy.rewarded(
      { state: 'completed', score: 0.525 },
      { latencyMs: 150 },
      strategy.softReward(target),
    );
    expect(told).toMatchObject({ state: 'completed', score: expect.closeTo(0.5, 3) });
  });
});
