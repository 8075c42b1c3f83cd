/** @file Studies whose trials have fidelities, and whose trials are stopped early: what is recorded, and told again. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import type { EvaluationRequest } from '../evaluation/evaluation.js';
import type { ExecutionOutcome, Executor } from '../execution/executor.js';
import { Random } from '../random.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { StudyStore } from '../store/store.js';
import { type RunOptions, resumeStudy, runStudy, type StudyResult } from './runner.js';
import { setupOf } from './setup.js';

const engine = nodeEngine();
const target = { channels: 1, height: 8, width: 8, classes: 10 };
const configuration: StudyConfiguration = {
  space: { name: 'nas-bench-201', settings: {} },
  strategy: { name: 'asha', settings: {} },
  evaluation: { name: 'fake', settings: {} },
  data: { reference: 'digits', seed: 0 },
  constraints: {},
  seed: 3,
  trials: 30,
  budgetSeconds: null,
  workers: 1,
  threads: 1,
  limits: { seconds: null, bytes: null },
  final: null,
};

let folder: string;
let store: StudyStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasturtium-fidelities-'));
  store = StudyStore.open(join(folder, 'studies.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const begin = (name: string, changes: Partial<StudyConfiguration>, options: Omit<RunOptions, 'store' | 'setup'>) => {
  const whole = { ...configuration, ...changes };
  return runStudy(name, whole, { store, setup: setupOf(whole, { target, engine }), ...options });
};
const goOn = (name: string, options: Omit<RunOptions, 'store' | 'setup'>) =>
  resumeStudy(name, { store, setup: setupOf(store.study(name).configuration, { target, engine }), ...options });

/** Four points that rise to a final value; it depends on the seed, and is higher with more fidelity. */
function learning(requests: EvaluationRequest[] = [], stopAfter = Number.POSITIVE_INFINITY, stop?: AbortController) {
  const executor: Executor = {
    async run(request, { onPoint, signal }): Promise<ExecutionOutcome> {
      if (request.task !== 'evaluate') throw new RangeError('nothing is to be prepared');
      requests.push(request);
      const { seed, fidelity = 1 } = request;
      const score = new Random(seed).uniform() * (0.5 + fidelity / 2);
      for (const epoch of [1, 2, 3, 4]) {
        if (requests.length > stopAfter && epoch === 3) stop?.abort();
        if (signal.aborted) return { state: 'stopped' };
        const validAccuracy = (score * epoch) / 4;
        onPoint({ epoch, seconds: 0, values: { validAccuracy } });
        await Promise.resolve();
      }
      return signal.aborted
        ? { state: 'stopped' }
        : { state: 'completed', result: { metrics: { validAccuracy: score } } };
    },
    close: async () => {},
  };
  return executor;
}

const essence = ({ trials }: StudyResult) => trials.map(({ seconds, ...trial }) => trial);

describe('fidelities', () => {
  it('come to the evaluation and to the record, and the winner is one of full evaluations', async () => {
    const requests: EvaluationRequest[] = [];
    const result = await begin('asha', {}, { executor: learning(requests) });
    expect(result.trials.map(({ fidelity }) => fidelity)).toEqual(requests.map(({ fidelity }) => fidelity));
    expect(new Set(requests.map(({ fidelity }) => fidelity))).toEqual(new Set([1 / 9, 1 / 3, 1]));
    const full = result.trials.filter(({ fidelity }) => fidelity === 1);
    expect(result.best?.score).toBe(Math.max(...full.map(({ score }) => score ?? 0)));
    expect(store.trials('asha')).toEqual(result.trials);
  });

  it('are told again when a study goes on that was stopped in between', async () => {
    const whole = await begin('whole', {}, { executor: learning() });
    const stop = new AbortController();
    const first = await begin('cut', {}, { executor: learning([], 12, stop), signal: stop.signal });
    expect(first).toMatchObject({ interrupted: true, counts: { completed: 12, interrupted: 1 } });
    expect(essence(await goOn('cut', { executor: learning() }))).toEqual(essence(whole));
  });

  it('that differ from the recorded ones show that the strategy has changed', async () => {
    const stop = new AbortController();
    await begin('changed', {}, { executor: learning([], 12, stop), signal: stop.signal });
    const other = { ...configuration, strategy: { name: 'asha', settings: { resource: 3 } } };
    const setup = setupOf(other, { target, engine });
    await expect(resumeStudy('changed', { store, setup, executor: learning() })).rejects.toThrow(
      /as trial 0 its strategy proposed .* with 0\.1111.* of a full evaluation, and now it proposes/,
    );
  });
});

describe('stopping rules', () => {
  const changes = {
    strategy: { name: 'regularized-evolution', settings: { populationSize: 6, sampleSize: 3 } },
    stopping: { name: 'median', settings: { startupTrials: 5, warmupEpochs: 1 } },
  };

  it('end trials that promise nothing, and record why', async () => {
    const result = await begin('median', changes, { executor: learning() });
    const pruned = result.trials.filter(({ state }) => state === 'pruned');
    expect(pruned.length).toBeGreaterThan(5);
    expect(result.counts.completed).toBeGreaterThanOrEqual(5);
    for (const { curve, reason, seconds } of pruned) {
      expect(curve.length).toBeGreaterThan(1);
      expect(curve.length).toBeLessThan(4);
      expect(reason).toContain('below the median');
      expect(seconds).not.toBeNull();
    }
  });

  it('decide the same after the study was stopped in between', async () => {
    const whole = await begin('whole', changes, { executor: learning() });
    const stop = new AbortController();
    const first = await begin('cut', changes, { executor: learning([], 14, stop), signal: stop.signal });
    expect(first.interrupted).toBe(true);
    expect(first.counts.pruned).toBeGreaterThan(0);
    expect(essence(await goOn('cut', { executor: learning() }))).toEqual(essence(whole));
  });
});
