import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError, WorkError } from '../error.js';
import type { JobRequest } from '../evaluation/evaluation.js';
import type { ExecutionOptions, ExecutionOutcome, Executor } from '../execution/executor.js';
import { ProcessPool } from '../execution/process-pool.js';
import { deriveSeed, Random } from '../random.js';
import type { StudyConfiguration } from '../record/configuration.js';
import type { StudyNews } from '../record/progress.js';
import { isOver } from '../record/trial.js';
import type { Reference } from '../registry.js';
import { spaceNamed } from '../space/registry.js';
import { openDatabase } from '../store/database.js';
import { StudyStore } from '../store/store.js';
import type { Outcome } from '../strategy/strategy.js';
import { type RunOptions, resumeStudy, runStudy, type StudyResult } from './runner.js';
import { type StudySetup, setupOf } from './setup.js';

const entry = new URL('../../test/study/fake-worker.mjs', import.meta.url);
const engine = nodeEngine();
const target = { channels: 1, height: 8, width: 8, classes: 10 };
const configuration: StudyConfiguration = {
  space: { name: 'nas-bench-201', settings: {} },
  strategy: { name: 'random', settings: {} },
  evaluation: { name: 'fake', settings: { behaviour: 'moody' } },
  data: { reference: 'digits', seed: 0 },
  constraints: {},
  seed: 3,
  trials: 12,
  budgetSeconds: null,
  workers: 1,
  threads: 1,
  limits: { seconds: 60, bytes: null },
  final: null,
};

/** Everything of a trial that must be the same whenever it runs. */
const essence = (result: StudyResult) => result.trials.map(({ seconds, ...trial }) => trial);

let folder: string;
let store: StudyStore;
let pool: ProcessPool;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasturtium-runner-'));
  store = StudyStore.open(join(folder, 'studies.db'));
  pool = new ProcessPool({
    threads: 1,
    limits: { seconds: 60, bytes: null },
    artifacts: join(folder, 'artifacts'),
    entry,
  });
});
afterEach(async () => {
  await pool.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An executor in this process, whose outcomes the test decides. */
const scripted = (
  evaluate: (request: JobRequest, options: ExecutionOptions) => Promise<ExecutionOutcome> | ExecutionOutcome,
): Executor => ({ run: async (request, options) => evaluate(request, options), close: async () => {} });
const completed = (score: number): ExecutionOutcome => ({
  state: 'completed',
  result: { metrics: { validAccuracy: score } },
});
const stoppedBy = (signal: AbortSignal) =>
  new Promise<ExecutionOutcome>((resolve) => {
    if (signal.aborted) resolve({ state: 'stopped' });
    signal.addEventListener('abort', () => resolve({ state: 'stopped' }));
  });

/** Two points and a score that depend on nothing but the seed; about every sixth trial fails. */
const seeded = scripted(async ({ seed }, { onPoint, signal }) => {
  const score = new Random(seed).uniform();
  for (const epoch of [1, 2]) {
    await Promise.resolve();
    if (signal.aborted) return { state: 'stopped' };
    onPoint({ epoch, seconds: 0, values: { validAccuracy: score / epoch } });
  }
  if (signal.aborted) return { state: 'stopped' };
  return score < 1 / 6 ? { state: 'failed', reason: 'the loss is NaN after epoch 2' } : completed(score);
});

const run = (name: string, changes: Partial<StudyConfiguration> = {}, options: Partial<RunOptions> = {}) => {
  const whole = { ...configuration, ...changes };
  return runStudy(name, whole, { store, executor: seeded, setup: setupOf(whole, { target, engine }), ...options });
};

describe('a study', () => {
  it('records every trial with its seed, curve, cost and outcome, and finds the best', async () => {
    const result = await run('first', {}, { executor: pool });
    expect(result).toMatchObject({ study: 'first', searchEnd: 'trials', interrupted: false, final: null });
    expect(result.trials.map((trial) => trial.number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(result.counts.completed + result.counts.failed + result.counts.lost).toBe(12);
    expect(result.counts.lost).toBeGreaterThan(0);
    // The seed 3 has both moods among its twelve trials: a search survives killed processes.
    const reasons = result.trials.map((trial) => trial.reason);
    expect(reasons).toContain('the loss is NaN after epoch 1');
    expect(reasons).toContainEqual(expect.stringContaining('SIGKILL'));
    for (const trial of result.trials) {
      expect(trial.seed).toBe(deriveSeed(3, 'trial', trial.number));
      expect(trial.cost.params).toBeGreaterThan(0);
      if (trial.state === 'completed') expect(trial.curve.map((point) => point.epoch)).toEqual([1, 2]);
    }
    const scores = result.trials.map((trial) => trial.score ?? -1);
    expect(result.best?.score).toBe(Math.max(...scores));
    expect(store.trials('first')).toEqual(result.trials);
    expect(store.summary('first').state).toBe('finished');
  });

  it('is the same twice, and with any number of workers where order does not matter', async () => {
    const once = await run('once');
    expect(essence(await run('twice'))).toEqual(essence(once));
    expect(essence(await run('two', { workers: 2 }))).toEqual(essence(once));
    expect(essence(await run('other', { seed: 4 }))).not.toEqual(essence(once));
  });

  it('is the same twice for a strategy that depends on order, with one worker', async () => {
    const evolution = {
      strategy: { name: 'regularized-evolution', settings: { populationSize: 4, sampleSize: 2 } },
      trials: 20,
    };
    expect(essence(await run('twice', evolution))).toEqual(essence(await run('once', evolution)));
  });

  it('never runs more trials at once than it has workers', async () => {
    let running = 0;
    const seen: number[] = [];
    const executor = scripted(async () => {
      seen.push(++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return completed(1);
    });
    await run('busy', { workers: 3 }, { executor });
    expect(Math.max(...seen)).toBe(3);
    expect(seen).toHaveLength(12);
  });

  it('tells its audience what happens, with progress and time left', async () => {
    let now = 0;
    const news: StudyNews[] = [];
    const executor = scripted(() => {
      now += 2_000;
      return completed(now);
    });
    await run('told', { trials: 3 }, { executor, clock: () => now, onNews: (item) => news.push(item) });
    expect(news.map((item) => item.kind)).toEqual([
      'opened',
      ...['started', 'finished', 'started', 'finished', 'started', 'finished'],
      'search-ended',
    ]);
    expect(news[4]).toMatchObject({
      trial: { number: 1, state: 'completed', seconds: 2 },
      progress: { finished: 2, total: 3, elapsedSeconds: 4, remainingSeconds: 2, best: { number: 1 } },
    });
  });

  it('begins no trial after its time budget, also when it was resumed', async () => {
    let now = 0;
    const controller = new AbortController();
    const executor = scripted((_, { signal }) => {
      now += 4_000;
      if (now === 8_000) controller.abort();
      return signal.aborted ? { state: 'stopped' } : completed(1);
    });
    const budget = { trials: null, budgetSeconds: 13 };
    const clock = () => now;
    const first = await run('timed', budget, {
      executor,
      clock,
      signal: controller.signal,
      store: StudyStore.open(store.file, clock, clock),
    });
    expect(first).toMatchObject({ interrupted: true, searchEnd: null });
    now = 1_000_000;
    const setup = setupOf(configuration, { target, engine });
    const second = await resumeStudy('timed', {
      store: StudyStore.open(store.file, clock, clock),
      executor,
      clock,
      setup,
    });
    expect(second).toMatchObject({ interrupted: false, searchEnd: 'budget', wallSeconds: 16 });
    // 8 s before the interruption, trial 1 again until 12 s, trial 2 until 16 s, and then no more.
    expect(second.trials.map((trial) => trial.state)).toEqual(['completed', 'completed', 'completed']);
  });

  it('ends where the space is exhausted', async () => {
    const cell = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|skip_connect~2|';
    const architectures = [1, 2, 3].map(() => spaceNamed('nas-bench-201').parse(cell));
    const setup: StudySetup = {
      ...setupOf(configuration, { target, engine }),
      createStrategy: () => ({
        ask: async () => {
          const architecture = architectures.shift();
          return architecture === undefined ? 'exhausted' : { architecture };
        },
        tell: async () => {},
      }),
    };
    const result = await run('small', {}, { setup, executor: scripted(() => completed(1)) });
    expect(result).toMatchObject({ searchEnd: 'exhausted', counts: { completed: 3 } });
  });

  it('records candidates that the executor found infeasible, and tells the strategy, also when it goes on', async () => {
    const told: [number, Outcome][] = [];
    const setup = setupOf(configuration, { target, engine });
    const listening: StudySetup = {
      ...setup,
      createStrategy: () => {
        const strategy = setup.createStrategy();
        const tell = async (trial: number, outcome: Outcome) => {
          told.push([trial, outcome]);
          await strategy.tell(trial, outcome);
        };
        return { ask: () => strategy.ask(), tell };
      },
    };
    let evaluated = 0;
    const stop = new AbortController();
    const executor = scripted((_, { signal }) => {
      if (++evaluated === 2) return { state: 'infeasible', reason: 'too slow', costs: { latencyMs: 12 } };
      if (evaluated !== 3) return completed(0.5);
      stop.abort();
      return stoppedBy(signal);
    });
    const first = await run('slow', { trials: 3 }, { executor, setup: listening, signal: stop.signal });
    expect(first.trials.map((trial) => trial.state)).toEqual(['completed', 'infeasible', 'interrupted']);
    expect(first.trials[1]).toMatchObject({ reason: 'too slow', score: null });
    const costOf = (trial: number) => ({ ...store.trials('slow')[trial]?.cost });
    const answers = [
      [0, { state: 'completed', score: 0.5, costs: costOf(0) }],
      [1, { state: 'infeasible' }],
    ];
    expect(told.splice(0)).toEqual(answers);
    const result = await resumeStudy('slow', { store, executor, setup: listening });
    expect(told).toEqual([...answers, [2, { state: 'completed', score: 0.5, costs: costOf(2) }]]);
    expect(result.counts).toMatchObject({ completed: 2, infeasible: 1, failed: 0 });
  });

  it('fails a trial whose network cannot be built, and ends where wrong usage is the cause', async () => {
    const setup = setupOf(configuration, { target, engine });
    let built = 0;
    const broken = (error: Error): StudySetup => ({
      ...setup,
      candidateOf: (architecture) => {
        if (++built === 2) throw error;
        return setup.candidateOf(architecture, 1);
      },
    });
    const executor = scripted(() => completed(1));
    const result = await run('built', { trials: 3 }, { executor, setup: broken(new RangeError('no such layer')) });
    expect(result.trials.map((trial) => trial.state)).toEqual(['completed', 'failed', 'completed']);
    expect(result.trials[1]?.reason).toBe('no such layer');
    built = 0;
    const wrong = run('wrong', { trials: 3 }, { executor, setup: broken(new UsageError('the images are too small')) });
    await expect(wrong).rejects.toThrow('the images are too small');
  });

  it('stops cleanly where the disk is full, and keeps what was recorded', async () => {
    const database = openDatabase(join(folder, 'full.db'));
    const small = new StudyStore(database, join(folder, 'full.db'));
    database.pragma('max_page_count = 14');
    await expect(run('full', { trials: 500, workers: 2 }, { store: small })).rejects.toThrow(/is full/);
    const kept = small.trials('full');
    expect(kept.length).toBeGreaterThan(2);
    database.pragma('max_page_count = 100000');
    const setup = setupOf(configuration, { target, engine });
    const controller = new AbortController();
    const executor = scripted((_, { signal }) => {
      controller.abort();
      return stoppedBy(signal);
    });
    await resumeStudy('full', { store: small, executor, setup, signal: controller.signal });
    expect(small.trials('full').filter(isOver)).toEqual(kept.filter(isOver));
    small.close();
  });

  it('ends with an error where no process can be started', async () => {
    const broken = new ProcessPool({
      threads: 1,
      limits: configuration.limits,
      artifacts: folder,
      entry: new URL('./absent.mjs', entry),
    });
    await expect(run('none', { workers: 2 }, { executor: broken })).rejects.toThrow(/cannot be started/);
    expect(store.summary('none')).toMatchObject({ state: 'stopped', trials: { interrupted: 2, failed: 0 } });
  });
});

describe('a study that was interrupted', () => {
  it.each<[string, Reference['settings']]>([
    ['random', {}],
    ['regularized-evolution', { populationSize: 4, sampleSize: 2 }],
    ['asha', {}],
    ['hyperband', { resource: 3, minimise: ['params'] }],
    ['nsga2', { populationSize: 4 }],
  ])('ends with the trials of an undisturbed one (%s)', async (name, settings) => {
    const changes = { strategy: { name, settings } };
    const whole = { ...configuration, ...changes };
    const undisturbed = await run('undisturbed', changes);
    const options = () => {
      const controller = new AbortController();
      let points = 0;
      const onNews = (news: StudyNews) => {
        if (news.kind === 'point' && ++points === 7) controller.abort();
      };
      return { store, executor: seeded, setup: setupOf(whole, { target, engine }), signal: controller.signal, onNews };
    };
    let result = await runStudy('disturbed', whole, options());
    expect(result).toMatchObject({ interrupted: true, searchEnd: null, counts: { completed: 3, interrupted: 1 } });
    let sessions = 1;
    for (; result.interrupted; sessions++) result = await resumeStudy('disturbed', options());
    expect(sessions).toBe(4);
    expect(essence(result)).toEqual(essence(undisturbed));
  });

  it('is not resumed with a space or a strategy that has changed', async () => {
    const controller = new AbortController();
    const onNews = (news: StudyNews) => news.kind === 'finished' && news.trial.number === 2 && controller.abort();
    const executor = scripted((_, { signal }) => (signal.aborted ? { state: 'stopped' } : completed(1)));
    await run('changed', {}, { executor, signal: controller.signal, onNews });
    const setup = setupOf({ ...configuration, seed: 99 }, { target, engine });
    const attempt = resumeStudy('changed', { store, executor, setup });
    await expect(attempt).rejects.toThrow(WorkError);
    await expect(attempt).rejects.toThrow(/cannot go on: as trial 0 its strategy proposed .* now it proposes/);
    const same = setupOf(configuration, { target, engine });
    const wider: StudySetup = {
      ...same,
      candidateOf(architecture) {
        const candidate = same.candidateOf(architecture, 1);
        return { ...candidate, cost: { ...candidate.cost, params: (candidate.cost.params ?? 0) + 1 } };
      },
    };
    await expect(resumeStudy('changed', { store, executor, setup: wider })).rejects.toThrow(
      /as trial 0 \[.*\] had \d+ params, and now its network has \d+\./,
    );
    const rest = await resumeStudy('changed', { store, executor, setup: same });
    expect(rest.counts.completed).toBe(12);
  });

  it('leaves nothing in the store where its settings are wrong', async () => {
    const strategy = { name: 'random', settings: { colour: 'red' } };
    await expect(async () => run('wrong', { strategy })).rejects.toThrow(UsageError);
    await expect(async () => run('tiny', { constraints: { params: 1 } })).rejects.toThrow(/--max-params/);
    expect(store.studies()).toEqual([]);
  });

  it('does not run twice at once', async () => {
    const controller = new AbortController();
    const executor = scripted((_, { signal }) => stoppedBy(signal));
    const first = run('once', {}, { executor, signal: controller.signal });
    const options = { store, executor, setup: setupOf(configuration, { target, engine }) };
    await expect(resumeStudy('once', options)).rejects.toThrow(/being worked on/);
    await expect(runStudy('once', configuration, options)).rejects.toThrow(UsageError);
    controller.abort();
    await first;
  });
});

describe('the final step', () => {
  const executor = scripted(() => completed(1));
  const resume = (finalize: RunOptions['finalize']) =>
    resumeStudy('final', {
      store,
      executor,
      setup: setupOf(configuration, { target, engine }),
      ...(finalize && { finalize }),
    });

  it('gets the best trial, and is recorded and not repeated', async () => {
    const finalize = async ({ number }: { number: number }) => ({ testAccuracy: 0.9, number });
    const result = await run('final', {}, { executor, finalize });
    expect(result.final).toEqual({ testAccuracy: 0.9, number: 0 });
    const again = await resume(async () => expect.unreachable());
    expect(again.final).toEqual(result.final);
    expect(again.trials).toEqual(result.trials);
  });

  it('alone is repeated where it failed or was interrupted', async () => {
    const failing = run('final', {}, { executor, finalize: () => Promise.reject(new WorkError('diverged')) });
    await expect(failing).rejects.toThrow('diverged');
    const controller = new AbortController();
    const interrupted = await resumeStudy('final', {
      store,
      executor: scripted(() => expect.unreachable()),
      setup: setupOf(configuration, { target, engine }),
      signal: controller.signal,
      finalize: async () => {
        controller.abort();
        throw new Error('stopped');
      },
    });
    expect(interrupted).toMatchObject({ interrupted: true, final: null });
    expect((await resume(async () => 'done')).final).toBe('done');
    expect(
      store
        .since('final', 0)
        .map((event) => event.kind)
        .filter((kind) => kind.startsWith('final')),
    ).toEqual([...['final-started', 'final-failed', 'final-started', 'final-started', 'final-completed']]);
  });
});
