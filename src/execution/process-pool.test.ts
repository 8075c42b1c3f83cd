import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WorkError } from '../error.js';
import type { EvaluationRequest } from '../evaluation/evaluation.js';
import type { Reference } from '../registry.js';
import type { Point } from '../training/curve.js';
import type { TrialLimits } from './executor.js';
import { ProcessPool } from './process-pool.js';

const entry = new URL('../../test/study/fake-worker.mjs', import.meta.url);
const unlimited: TrialLimits = { seconds: null, bytes: null };

const request = (settings: Reference['settings'] = {}, seed = 7): EvaluationRequest => ({
  task: 'evaluate',
  evaluation: { name: 'fake', settings },
  candidate: {
    space: { name: 'none', settings: {} },
    architecture: null,
    network: { version: 1, input: { channels: 1, height: 8, width: 8 }, layers: [], output: 'image' },
  },
  data: { reference: 'digits', seed: 0 },
  seed,
  fidelity: 1,
  threads: 1,
  inputs: {},
  keep: false,
});

let pool: ProcessPool;
afterEach(() => pool.close());

const start = (limits = unlimited) => {
  pool = new ProcessPool({ threads: 1, limits, artifacts: tmpdir(), entry });
};
const run = (
  settings: Reference['settings'],
  signal = new AbortController().signal,
  onPoint: (point: Point) => void = () => {},
) => pool.run(request(settings), { onPoint, signal });

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a pool of processes', () => {
  it('streams the points and gives the result', async () => {
    start();
    const points: Point[] = [];
    const outcome = await run({}, undefined, (point) => points.push(point));
    const score = expect.closeTo(0.5, 0);
    expect(outcome).toEqual({ state: 'completed', result: { metrics: { validAccuracy: score } } });
    expect(points.map((point) => point.epoch)).toEqual([1, 2]);
    // NaN survives the JSON channel.
    expect(points.map((point) => point.values.validLoss)).toEqual([Number.NaN, 0.5]);
  });

  it('tells a trial whose process was killed from outside from one that failed', async () => {
    start();
    const outcome = await run({ behaviour: 'kill' });
    expect(outcome).toEqual({ state: 'lost', reason: expect.stringMatching(/killed \(SIGKILL\)/) });
    expect(await run({})).toMatchObject({ state: 'completed' });
  });

  it('keeps a process warm for the next trial', async () => {
    start();
    for (const score of [1, 2])
      expect(await run({ behaviour: 'count' })).toMatchObject({ result: { metrics: { validAccuracy: score } } });
  });

  it.each([
    ['fail', /^the loss is NaN after epoch 1$/],
    ['nonsense', /makes no sense/],
    ['abort', /SIGABRT/],
    ['exit', /exited with code 3; its last words: no more patience/],
  ])('a trial that ends by "%s" has failed with its reason, and the next one runs', async (behaviour, reason) => {
    start();
    const outcome = await run({ behaviour });
    expect(outcome).toEqual({ state: 'failed', reason: expect.stringMatching(reason) });
    expect(await run({})).toMatchObject({ state: 'completed' });
  });

  it('ends a trial that takes too long, also one that hears nothing', async () => {
    start({ seconds: 0.3, bytes: null });
    for (const behaviour of ['hang', 'block']) {
      expect(await run({ behaviour })).toEqual({ state: 'failed', reason: 'it took longer than its limit of 0.3 s' });
    }
    expect(await run({ behaviour: 'count' })).toMatchObject({
      state: 'completed',
      result: { metrics: { validAccuracy: 1 } },
    });
  });

  it('ends a trial that takes too much memory', async () => {
    start({ seconds: null, bytes: 200 * 2 ** 20 });
    const outcome = await run({ behaviour: 'memory' });
    expect(outcome).toEqual({
      state: 'failed',
      reason: expect.stringMatching(/used \d{3,} MiB of memory, more than its limit of 200 MiB/),
    });
    expect(await run({})).toMatchObject({ state: 'completed' });
  });

  it('names a JavaScript heap that ran full', async () => {
    start({ seconds: null, bytes: 60 * 2 ** 20 });
    const outcome = await pool.run(request({ behaviour: 'heap' }), {
      onPoint: () => {},
      signal: new AbortController().signal,
      limits: unlimited,
    });
    expect(outcome).toEqual({ state: 'failed', reason: 'its process ran out of JavaScript heap memory' });
  });

  it('a crash does not touch the trial beside it', async () => {
    start();
    const [steady, crash] = await Promise.all([run({ milliseconds: 200 }), run({ behaviour: 'abort' })]);
    expect(steady.state).toBe('completed');
    expect(crash.state).toBe('failed');
  });

  it('stops a trial at once when asked to, and runs none for a signal that came before', async () => {
    start();
    const controller = new AbortController();
    const stopped = run({ behaviour: 'block' }, controller.signal);
    setTimeout(() => controller.abort(), 300);
    expect(await stopped).toEqual({ state: 'stopped' });
    expect(await run({}, controller.signal)).toEqual({ state: 'stopped' });
  });

  it('leaves no process behind when closed', async () => {
    start();
    const journal = join(tmpdir(), `nasturtium-pool-${process.pid}.txt`);
    writeFileSync(journal, '');
    const running = run({ behaviour: 'block', journal });
    await run({ journal, milliseconds: 100 });
    await pool.close();
    expect(await running).toMatchObject({ state: 'lost' });
    const pids = readFileSync(journal, 'utf8').trim().split('\n').map(Number);
    rmSync(journal);
    expect(pids).toHaveLength(2);
    expect(pids.map(isRunning)).toEqual([false, false]);
  });

  it('is an error where no process can be started, with the cause', async () => {
    pool = new ProcessPool({
      threads: 1,
      limits: unlimited,
      artifacts: tmpdir(),
      entry: new URL('./absent.mjs', entry),
    });
    const attempt = run({});
    await expect(attempt).rejects.toThrow(WorkError);
    await expect(attempt).rejects.toThrow(/cannot be started: .*exited with code 1.*Cannot find module/);
  });
});
