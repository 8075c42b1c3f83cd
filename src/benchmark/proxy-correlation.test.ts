/** @file Scores without training are compared with a column of a table, the baselines always beside them. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { correlateProxies } from './proxy-correlation.js';

const data = { data: 'digits', batch: 8 };
const operators = ['skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3', 'none'];

/** A table of cells of which one edge alone does something but skip. */
function tableOf(scores: readonly (number | string)[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'proxy-correlation-')), 'table.csv');
  const rows = scores.map((score, row) => {
    const [first, second] = [operators[row % 5], operators[Math.floor(row / 5)]];
    return `|${first}~0|+|${second}~0|none~1|+|skip_connect~0|none~1|skip_connect~2|,${score}`;
  });
  writeFileSync(file, ['arch,test_accuracy', ...rows].join('\n'));
  return file;
}

describe('correlateProxies', () => {
  it('compares all architectures of a table that have a value, or as many as are asked for', async () => {
    // By parameters the order is skip, 1×1, 3×3; pools have none, as skips.
    const table = tableOf([1, 2, 3, 'nan', 1, 2, 4, 5]);
    const all = await correlateProxies({ ...data, table, proxies: ['macs'] });
    expect([all.n, all.target, all.space]).toEqual([7, 'test_accuracy', 'nas-bench-201']);
    expect(all.pairs).toHaveLength(2);
    for (const pair of all.pairs) {
      expect(pair).toMatchObject({ b: 'test_accuracy', undefined: 0, beatsBaselines: null });
      expect(pair.spearman).toBeGreaterThan(0.9);
      expect(pair.interval.low).toBeLessThan(pair.spearman);
    }
    expect((await correlateProxies({ ...data, table, proxies: [], count: 5 })).n).toBe(5);
  });

  it('says of a score whether it ranks better than counting does', async () => {
    const verdictOf = async (scores: readonly number[]) => {
      const { pairs } = await correlateProxies({ ...data, table: tableOf(scores), proxies: ['nwot'] });
      return pairs.find(({ a }) => a === 'nwot')?.beatsBaselines;
    };
    // Convolutions bring ReLUs with them; what has most of both is said to be worst, and best.
    expect(await verdictOf([1, 2, 3, 1, 1])).toBe(false);
    expect(await verdictOf([2, 3, 1, 2, 2])).toBe(true);
  });

  it('refuses a sample that is too small, and a column that is missing', async () => {
    const [table, proxies] = [tableOf([1, 2, 3, 4, 5]), ['params']];
    await expect(correlateProxies({ ...data, table, proxies, count: 4 })).rejects.toThrow(
      '4 architectures are too few',
    );
    await expect(correlateProxies({ ...data, table, proxies, target: 'test' })).rejects.toThrow(
      'There is no column "test"',
    );
  });
});
