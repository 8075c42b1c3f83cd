/** @file Several objectives on the table of NAS-Bench-201: what NSGA-II finds beside what random search finds. */

import { describe, expect, it } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import { hypervolume } from '../pareto/hypervolume.js';
import { mannWhitney } from './mann-whitney.js';
import { tableNamed } from './shipped-tables.js';
import { tabulatedStrategy } from './tabulated-strategy.js';
import { Tabulation } from './tabulation.js';

const QUESTIONS = 200;
const seeds = Array.from({ length: 20 }, (_, seed) => seed);

/** Validation error in percent and millions of parameters: no network of the table that learns anything is beyond. */
const reference = [90, 1.6];

/** The share of the box up to the reference that the front of a search dominates. */
async function volumeFound(table: Tabulation, name: string, seed: number): Promise<number> {
  const strategy = await tabulatedStrategy(table, { name, settings: {} }, seed, nodeEngine());
  const found: number[][] = [];
  for (let trial = 0; trial < QUESTIONS; trial++) {
    const proposal = await strategy.ask();
    if (typeof proposal === 'string') break;
    const { architecture } = proposal;
    const score = table.fidelityOf(1).scores[table.rowOf(architecture) ?? -1] ?? Number.NaN;
    found.push([100 - score, table.costOf(architecture).params ?? Number.NaN]);
    await strategy.tell(trial, { state: 'completed', score });
  }
  return hypervolume(found, reference) / reference.reduce((product, bound) => product * bound, 1);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('nsga2 on NAS-Bench-201', () => {
  it('finds better trade-offs between error and parameters than random search', async () => {
    const table = await Tabulation.read(tableNamed('nas-bench-201-cifar10'), { costs: ['params=params_millions'] });
    const volumes = { nsga2: [] as number[], random: [] as number[] };
    for (const seed of seeds) {
      volumes.nsga2.push(await volumeFound(table, 'nsga2', seed));
      volumes.random.push(await volumeFound(table, 'random', seed));
    }
    expect(mean(volumes.nsga2)).toBeGreaterThan(mean(volumes.random));
    expect(mannWhitney(volumes.nsga2, volumes.random)).toBeLessThan(0.01);
  });
});
