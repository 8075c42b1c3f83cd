/** @file Studies whose trials have fidelities, and whose trials are stopped early: what is recorded, and told again. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactsInMemory } from '../../test/evaluation/request.js';
import { loadDataset } from '../data/load.js';
import { nodeEngine } from '../engine/node-engine.js';
import type { EvaluationRequest, JobRequest } from '../evaluation/evaluation.js';
import { train } from '../evaluation/train.js';
import type { ExecutionOutcome, Executor } from '../execution/executor.js';
import { InlineExecutor } from '../execution/inline-executor.js';
import { Network } from '../nn/network.js';
import { Random } from '../random.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { stoppingSummaryOf } from '../record/stopping.js';
import { StudyStore } from '../store/store.js';
import type { Outcome } from '../strategy/strategy.js';
import { trainNetwork } from '../training/train-network.js';
import { trainSettings } from '../training/train-settings.js';
import { type RunOptions, resumeStudy, runStudy, type StudyResult } from './runner.js';
import { type StudySetup, setupOf } from './setup.js';

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

  it('and curves are told again by which PASHA opens them', async () => {
    const changes = { strategy: { name: 'asha', settings: { pasha: true, resource: 27 } } };
    const whole = await begin('whole', changes, { executor: learning() });
    const stop = new AbortController();
    await begin('cut', changes, { executor: learning([], 20, stop), signal: stop.signal });
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

describe('a trial of a larger fidelity', () => {
  it('is given what its own trial before has made, and draws as that did', async () => {
    const requests: EvaluationRequest[] = [];
    const executor = learning(requests);
    const keeping: Executor = {
      ...executor,
      async run(request, options) {
        const outcome = await executor.run(request, options);
        if (outcome.state !== 'completed' || request.task !== 'evaluate') return outcome;
        const checkpoint = { digest: String(requests.length - 1).padStart(64, '0') };
        return { ...outcome, result: { ...outcome.result, ...(request.keep && { artifacts: { checkpoint } }) } };
      },
    };
    const { trials } = await begin('kept', {}, { executor: keeping });
    const promoted = trials.filter(({ parent }) => parent !== null);
    expect(promoted.length).toBeGreaterThan(3);
    for (const { number, parent, architecture, seed, fidelity } of promoted) {
      const before = trials[parent ?? -1];
      expect(before).toMatchObject({ architecture, seed, fidelity: expect.closeTo(fidelity / 3, 10) });
      expect(requests[number]?.inputs).toEqual({ earlier: before?.artifacts, spent: before?.fidelity });
      expect(before?.artifacts.checkpoint?.digest).toBe(String(parent).padStart(64, '0'));
    }
    // Nothing comes back to a full evaluation.
    expect(
      trials.filter(({ artifacts }) => artifacts.checkpoint === undefined).map(({ fidelity }) => fidelity),
    ).toEqual(trials.filter(({ fidelity }) => fidelity === 1).map(() => 1));
  });

  it('trains what is left, and ends as one training with a cycle to each fidelity', async () => {
    const settings = { epochs: 9, subset: 64, batchSize: 32, validSubset: 50, widthMultiplier: 0.125 };
    const changes = {
      evaluation: { name: 'train', settings },
      trials: 13,
      strategy: { name: 'successive-halving', settings: {} },
    };
    const executor = new InlineExecutor({ evaluation: () => train, engine, artifacts: artifactsInMemory() });
    const { trials } = await begin('trained', changes, { executor });
    const last = trials.find(({ fidelity }) => fidelity === 1);
    const middle = trials[last?.parent ?? -1];
    const first = trials[middle?.parent ?? -1];
    expect([first, middle, last].map((trial) => [trial?.metrics.epochs, trial?.metrics.trainedEpochs])).toEqual([
      [1, 1],
      [3, 2],
      [9, 6],
    ]);
    const { network } = setupOf({ ...configuration, ...changes }, { target, engine }).candidateOf(
      last?.architecture ?? null,
      1,
    );
    const whole = await trainNetwork(
      Network.fromJson(network),
      await loadDataset('digits', { seed: 0 }),
      trainSettings.parse(settings),
      { seed: last?.seed ?? 0, threads: 1, milestones: [1 / 9, 1 / 3, 1] },
      { engine, signal: new AbortController().signal, report: () => {} },
    );
    expect(last?.metrics).toEqual({ ...whole.metrics, trainedEpochs: 6 });
  });
});

describe('a lost trial', () => {
  /** Of each trial the first answers are lost: as many as `losses` says for its number. */
  const losing = (losses: readonly number[]): Executor => {
    const left = new Map<number, number>();
    return {
      async run(request) {
        const rest = left.get(request.seed) ?? losses[left.size] ?? 0;
        left.set(request.seed, rest - 1);
        if (rest > 0) return { state: 'lost', reason: 'its process was killed' };
        return { state: 'completed', result: { metrics: { validAccuracy: 0.5 } } };
      },
      close: async () => {},
    };
  };
  const changes = { strategy: { name: 'random', settings: {} }, trials: 3 };

  it('is asked again with its number and seed, and twice at most', async () => {
    const told: Outcome[] = [];
    const setup = setupOf({ ...configuration, ...changes }, { target, engine });
    const listening: StudySetup = {
      ...setup,
      createStrategy() {
        const strategy = setup.createStrategy();
        return {
          ask: () => strategy.ask(),
          async tell(trial, outcome) {
            told.push(outcome);
            await strategy.tell(trial, outcome);
          },
        };
      },
    };
    const whole = { ...configuration, ...changes };
    const result = await runStudy('lost', whole, { store, setup: listening, executor: losing([2, 3, 0]) });
    expect(result.trials.map(({ state, losses, reason }) => [state, losses, reason])).toEqual([
      ['completed', 2, null],
      ['lost', 3, 'its process was killed'],
      ['completed', 0, null],
    ]);
    expect(result.counts).toMatchObject({ completed: 2, lost: 1, failed: 0 });
    expect(told.map(({ state }) => state)).toEqual(['completed', 'lost', 'completed']);
    expect(store.trials('lost')).toEqual(result.trials);
  });

  it('stays lost when the study goes on', async () => {
    const stop = new AbortController();
    const executor = losing([3, 0, 0]);
    const stopping: Executor = {
      ...executor,
      async run(request, options) {
        const outcome = await executor.run(request, options);
        if (outcome.state === 'completed') stop.abort();
        return options.signal.aborted ? { state: 'stopped' } : outcome;
      },
    };
    const first = await begin('cut', changes, { executor: stopping, signal: stop.signal });
    expect(first.trials.map(({ state }) => state)).toEqual(['lost', 'interrupted']);
    const result = await goOn('cut', { executor: losing([]) });
    expect(result.trials.map(({ state }) => state)).toEqual(['lost', 'completed', 'completed']);
  });
});

describe('what an evaluation measures of a candidate', () => {
  it('is recorded, an objective of the search, and read from the log when the study goes on', async () => {
    const changes = {
      strategy: { name: 'nsga2', settings: { populationSize: 4, minimise: ['latencyMs'] } },
      trials: 16,
    };
    const measuring = (stopAfter = Number.POSITIVE_INFINITY, stop?: AbortController): Executor => {
      let runs = 0;
      return {
        async run({ seed }) {
          if (++runs > stopAfter) stop?.abort();
          if (stop?.signal.aborted) return { state: 'stopped' };
          const random = new Random(seed);
          const costs = { latencyMs: 1 + random.uniform() };
          return { state: 'completed', result: { metrics: { validAccuracy: random.uniform() }, costs } };
        },
        close: async () => {},
      };
    };
    const whole = await begin('whole', changes, { executor: measuring() });
    for (const { cost } of whole.trials) expect(cost.latencyMs).toBeGreaterThan(1);
    const other = {
      ...changes,
      strategy: { ...changes.strategy, settings: { populationSize: 4, minimise: ['params'] } },
    };
    const byParams = await begin('params', other, { executor: measuring() });
    const architectures = ({ trials }: StudyResult) => trials.map(({ architecture }) => architecture);
    expect(architectures(byParams)).not.toEqual(architectures(whole));
    const stop = new AbortController();
    await begin('cut', changes, { executor: measuring(9, stop), signal: stop.signal });
    expect(essence(await goOn('cut', { executor: measuring() }))).toEqual(essence(whole));
  });
});

describe('a preparation', () => {
  const artifact = (character: string) => ({ digest: character.repeat(64) });
  const changes = { strategy: { name: 'random', settings: {} }, trials: 2 };
  const prepared = (setup: StudySetup): StudySetup => ({ ...setup, isPrepared: true });
  const whole = { ...configuration, ...changes };

  /** Prepares in two epochs with a checkpoint after each; stopped after the first where there is a signal to stop. */
  const preparing = (requests: JobRequest[], stop?: AbortController): Executor => ({
    async run(request, { onPoint, onCheckpoint, signal }) {
      requests.push(request);
      if (request.task === 'evaluate') return { state: 'completed', result: { metrics: { validAccuracy: 0.5 } } };
      for (const epoch of request.checkpoint === undefined ? [1, 2] : [2]) {
        onPoint({ epoch, seconds: 0, values: { validAccuracy: epoch / 10 } });
        onCheckpoint?.(artifact(String(epoch)));
        stop?.abort();
        if (signal.aborted) return { state: 'stopped' };
      }
      return { state: 'completed', result: { metrics: {}, artifacts: { prepared: artifact('f') } } };
    },
    close: async () => {},
  });

  it('is made once, goes on from its last checkpoint, and comes to every trial', async () => {
    const setup = prepared(setupOf(whole, { target, engine }));
    const stop = new AbortController();
    const before: JobRequest[] = [];
    await runStudy('supernet', whole, { store, setup, executor: preparing(before, stop), signal: stop.signal });
    expect(before.map(({ task }) => task)).toEqual(['prepare']);
    const after: JobRequest[] = [];
    const result = await resumeStudy('supernet', { store, setup, executor: preparing(after) });
    expect(result.counts.completed).toBe(2);
    expect(after.map(({ task }) => task)).toEqual(['prepare', 'evaluate', 'evaluate']);
    expect(after[0]).toMatchObject({ checkpoint: artifact('1'), target });
    for (const request of after.slice(1)) expect(request).toMatchObject({ inputs: { prepared: artifact('f') } });
    const kinds = store.since('supernet', 0).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'prepared')).toHaveLength(1);
  });

  it('that fails ends the search with its reason', async () => {
    const executor: Executor = {
      run: async () => ({ state: 'failed', reason: 'the supernet diverged' }),
      close: async () => {},
    };
    const setup = prepared(setupOf(whole, { target, engine }));
    await expect(runStudy('failed', whole, { store, setup, executor })).rejects.toThrow(
      'The evaluation fake could not be prepared: the supernet diverged.',
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

describe('a trial whose end is predicted', () => {
  const stopping = {
    name: 'curve-prediction',
    settings: { startupTrials: 6, warmupEpochs: 1, delta: 0.9, draws: 5, letRun: 0.4 },
  };
  const changes = { strategy: { name: 'regularized-evolution', settings: {} }, trials: 25, stopping };

  it('is stopped or let run, with what it would come to, and strategies are told that', async () => {
    const told: Outcome[] = [];
    const whole = { ...configuration, ...changes };
    const setup = setupOf(whole, { target, engine });
    const createStrategy = () => {
      const strategy = setup.createStrategy();
      return {
        ask: () => strategy.ask(),
        tell: (trial: number, outcome: Outcome) => {
          told[trial] = outcome;
          return strategy.tell(trial, outcome);
        },
      };
    };
    const options = { store, setup: { ...setup, createStrategy }, executor: learning() };
    const { trials } = await runStudy('predicted', whole, options);
    const pruned = trials.filter(({ state }) => state === 'pruned');
    const checked = trials.filter(({ judgement }) => judgement?.letRun);
    expect(pruned.length).toBeGreaterThan(3);
    expect(checked.length).toBeGreaterThan(0);
    expect(checked.every(({ state, curve }) => state === 'completed' && curve.length === 4)).toBe(true);
    for (const { number, judgement } of pruned) {
      expect(judgement?.prediction?.value).toBeLessThan(judgement?.bar ?? 0);
      expect(told[number]).toMatchObject({ state: 'pruned', predicted: judgement?.prediction?.value });
    }
    const { stopped, letRun, wrong, savedEpochs } = stoppingSummaryOf(trials);
    expect([stopped, letRun]).toEqual([pruned.length, checked.length]);
    expect(wrong).toBe(checked.filter(({ score, judgement }) => (score ?? 0) > (judgement?.bar ?? 1)).length);
    expect(savedEpochs).toBe(pruned.reduce((sum, { curve }) => sum + 4 - curve.length, 0));
    expect(trials.every(({ layers }) => (layers ?? 0) > 10)).toBe(true);
  });

  it('is judged the same when the study goes on', async () => {
    const whole = await begin('uncut', changes, { executor: learning() });
    const stop = new AbortController();
    const cut = await begin('halved', changes, { executor: learning([], 15, stop), signal: stop.signal });
    expect(cut.interrupted).toBe(true);
    expect(essence(await goOn('halved', { executor: learning() }))).toEqual(essence(whole));
  });
});
