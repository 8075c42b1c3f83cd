import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { artifactsInMemory, evaluationRequest } from '../../test/evaluation/request.js';
import { nodeEngine } from '../engine/node-engine.js';
import { defineEvaluation } from '../evaluation/evaluation.js';
import { flatten, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { Point } from '../training/curve.js';
import { InlineExecutor } from './inline-executor.js';

const network = Network.build({ channels: 1, height: 2, width: 2 }, (image) => linear(flatten(image), { out: 2 }));
const measure = { metrics: { value: { title: 'value', format: 'number', direction: 'max' } }, score: 'value' } as const;

/** Tells points, and gives its setting as the score; from 10 on it fails. */
const told = defineEvaluation({
  name: 'told',
  title: '',
  paper: '',
  description: '',
  settings: z.strictObject({ value: z.number().default(1) }),
  measure,
  create: ({ value }) => ({
    async evaluate(_, { report }) {
      for (const epoch of [1, 2]) {
        report({ epoch, seconds: 0, values: { value } });
        await Promise.resolve();
      }
      if (value >= 10) throw new Error('too much');
      return { metrics: { value } };
    },
    async prepare(_, { artifacts, checkpoint }) {
      const half = await artifacts.put(Uint8Array.of(1));
      checkpoint(half);
      return artifacts.put(Uint8Array.of(1, 2));
    },
  }),
});

const artifacts = artifactsInMemory();
const executor = new InlineExecutor({ evaluation: () => told, engine: nodeEngine(), artifacts });
const request = (value: number) => ({
  ...evaluationRequest(network),
  evaluation: { name: 'told', settings: { value } },
});

describe('an executor within the process', () => {
  it('gives points and the result, or the reason why there is none', async () => {
    const points: Point[] = [];
    const options = { onPoint: (point: Point) => points.push(point), signal: new AbortController().signal };
    expect(await executor.run(request(3), options)).toEqual({ state: 'completed', result: { metrics: { value: 3 } } });
    expect(points.map(({ epoch, values }) => [epoch, values.value])).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(await executor.run(request(10), options)).toEqual({ state: 'failed', reason: 'too much' });
    const wrong = { ...request(3), evaluation: { name: 'told', settings: { valeu: 3 } } };
    expect(await executor.run(wrong, options)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('valeu'),
    });
  });

  it('stops where the signal says so, and tells no further point', async () => {
    const stop = new AbortController();
    const points: Point[] = [];
    const onPoint = (point: Point) => {
      points.push(point);
      stop.abort();
    };
    expect(await executor.run(request(3), { onPoint, signal: stop.signal })).toEqual({ state: 'stopped' });
    expect(points).toHaveLength(1);
  });

  it('prepares, with checkpoints on the way', async () => {
    const checkpoints: unknown[] = [];
    const { evaluation, data, seed, threads } = request(1);
    const target = { channels: 1, height: 2, width: 2, classes: 2 };
    const space = { name: 'none', settings: {} };
    const outcome = await executor.run(
      { task: 'prepare', evaluation, data, seed, threads, space, target },
      {
        onPoint: () => {},
        onCheckpoint: (artifact) => checkpoints.push(artifact),
        signal: new AbortController().signal,
      },
    );
    const prepared = outcome.state === 'completed' ? outcome.result.artifacts?.prepared : undefined;
    expect(prepared && (await artifacts.get(prepared))).toEqual(Uint8Array.of(1, 2));
    expect(checkpoints).toHaveLength(1);
  });
});
