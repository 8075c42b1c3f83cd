/** @file The real worker over the real evaluation, and over one of a module. It needs the compiled project: `npm run build`. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import type { EvaluationRequest } from '../evaluation/evaluation.js';
import type { Reference } from '../registry.js';
import { spaceNamed } from '../space/registry.js';
import { setupOf } from '../study/setup.js';
import type { Point } from '../training/curve.js';
import { ProcessPool } from './process-pool.js';

const entry = new URL('../../dist/execution/worker-process.js', import.meta.url);
const pool = new ProcessPool({ threads: 1, limits: { seconds: 120, bytes: null }, artifacts: tmpdir(), entry });
afterEach(() => pool.close());

const architecture = spaceNamed('nas-bench-201').parse(
  '|nor_conv_1x1~0|+|skip_connect~0|nor_conv_1x1~1|+|skip_connect~0|none~1|avg_pool_3x3~2|',
);
const engine = nodeEngine();
const target = { channels: 1, height: 8, width: 8, classes: 10 };

function request(evaluation: string, settings: Reference['settings']): EvaluationRequest {
  const named = { name: evaluation, settings };
  const isPath = evaluation.endsWith('.mjs');
  const setup = setupOf(
    {
      space: { name: 'nas-bench-201', settings: {} },
      strategy: { name: 'random', settings: {} },
      evaluation: named,
      data: { reference: 'digits', seed: 0 },
      constraints: {},
      seed: 0,
      trials: 1,
      budgetSeconds: null,
      workers: 1,
      threads: 1,
      limits: { seconds: null, bytes: null },
      final: null,
    },
    { target, engine },
  );
  const { network } = setup.candidateOf(architecture, 1);
  return {
    task: 'evaluate',
    evaluation: isPath ? { name: 'constant', module: evaluation, settings } : named,
    candidate: { space: { name: 'nas-bench-201', settings: {} }, architecture, network },
    data: { reference: 'digits', seed: 0 },
    seed: 5,
    fidelity: 1,
    threads: 1,
    inputs: {},
    keep: false,
  };
}

const run = async (evaluation: string, settings: Reference['settings']) => {
  const points: Point[] = [];
  const signal = new AbortController().signal;
  const outcome = await pool.run(request(evaluation, settings), { signal, onPoint: (point) => points.push(point) });
  return { outcome, points: points.map(({ seconds, ...point }) => point) };
};

it('trains in a child process, bit for bit the same again, and reports what went wrong', async () => {
  const settings = { epochs: 2, subset: 64, validSubset: 64, widthMultiplier: 0.125 };
  const first = await run('train', settings);
  expect(first.outcome).toMatchObject({ state: 'completed', result: { metrics: { epochs: 2 } } });
  expect(first.points.map((point) => point.epoch)).toEqual([1, 2]);
  expect(await run('train', settings)).toEqual(first);
  const own = join(mkdtempSync(join(tmpdir(), 'worker-')), 'own.mjs');
  writeFileSync(
    own,
    `export default { name: 'constant', title: '', paper: '', description: '', settings: {}, measure: { metrics: { value: { title: 'value', format: 'number', direction: 'max' } }, score: 'value' }, create: ({ value }) => ({ evaluate: async () => ({ metrics: { value } }) }) };`,
  );
  expect((await run(own, { value: 0.25 })).outcome).toMatchObject({
    state: 'completed',
    result: { metrics: { value: 0.25 } },
  });
  expect((await run('trian', {})).outcome).toEqual({
    state: 'failed',
    reason: expect.stringContaining('no evaluation'),
  });
  expect((await run('train', { epochs: -1 })).outcome).toEqual({
    state: 'failed',
    reason: expect.stringContaining('epochs'),
  });
});
