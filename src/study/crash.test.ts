/** @file Studies whose whole searching process is killed. They need the compiled project: `npm run build`. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeEngine } from '../engine/node-engine.js';
import { ProcessPool } from '../execution/process-pool.js';
import { Random } from '../random.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { StudyStore } from '../store/store.js';
import { runStudy, type StudyResult } from './runner.js';
import { setupOf } from './setup.js';

const entry = new URL('../../test/study/fake-worker.mjs', import.meta.url);
const coordinator = fileURLToPath(new URL('../../test/study/coordinator.mjs', import.meta.url));
const engine = nodeEngine();
const target = { channels: 1, height: 8, width: 8, classes: 10 };
const configuration: StudyConfiguration = {
  space: { name: 'nas-bench-201', settings: {} },
  strategy: { name: 'regularized-evolution', settings: { populationSize: 4, sampleSize: 2 } },
  evaluation: { name: 'fake', settings: { milliseconds: 20 } },
  data: { reference: 'digits', seed: 0 },
  constraints: {},
  seed: 3,
  trials: 8,
  budgetSeconds: null,
  workers: 1,
  threads: 1,
  limits: { seconds: 60, bytes: null },
  final: null,
};

const essence = (trials: StudyResult['trials']) => trials.map(({ seconds, ...trial }) => trial);

let folder: string;
let file: string;
beforeAll(() => {
  if (!existsSync(new URL('../../dist/study/runner.js', import.meta.url))) {
    throw new Error('these tests run the compiled project: run `npm run build` first');
  }
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasturtium-crash-'));
  file = join(folder, 'studies.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A searching process in a process group of its own, as a terminal starts it. */
class Coordinator {
  readonly #child: ChildProcess;
  stdout = '';
  stderr = '';

  constructor(name: string, whole: StudyConfiguration, finals?: string) {
    const task = JSON.stringify({ file, name, configuration: whole, target, finals });
    this.#child = spawn(process.execPath, [coordinator, task], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (text) => {
      this.stdout += text;
    });
    this.#child.stderr?.on('data', (text) => {
      this.stderr += text;
    });
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Waits until it has told this news so many times, or has ended. */
  async heard(news: string, times = 1): Promise<void> {
    while (!this.hasEnded && this.stderr.split(`${news}\n`).length <= times) await pause(2);
  }

  /** To the whole group, as Ctrl-C in a terminal, or to the one process. */
  send(signal: NodeJS.Signals, to: 'group' | 'process' = 'group'): void {
    const pid = this.#child.pid ?? expect.unreachable();
    process.kill(to === 'group' ? -pid : pid, signal);
  }

  /** The exit status, or the signal, once its output is closed. */
  async end(): Promise<number | NodeJS.Signals | null> {
    if (this.#child.stdout?.closed === false) await once(this.#child, 'close');
    return this.#child.exitCode ?? this.#child.signalCode;
  }
}

async function undisturbed(whole: StudyConfiguration): Promise<StudyResult> {
  const pool = new ProcessPool({ threads: 1, limits: whole.limits, artifacts: join(folder, 'artifacts'), entry });
  const store = StudyStore.open(join(folder, 'undisturbed.db'));
  try {
    return await runStudy('undisturbed', whole, { store, executor: pool, setup: setupOf(whole, { target, engine }) });
  } finally {
    await pool.close();
  }
}

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe.skipIf(process.platform === 'win32')('a study whose process group is killed (kill -9)', () => {
  it.each([
    ['regularized-evolution', 1],
    ['random', 2],
  ])('at random instants ends as an undisturbed one (%s, workers: %i)', async (name, workers) => {
    const strategy = name === 'random' ? { name, settings: {} } : configuration.strategy;
    const whole = { ...configuration, strategy, workers };
    const expected = await undisturbed(whole);
    const random = new Random(workers);
    let told: StudyResult['trials'] = [];
    let kills = 0;
    let last: Coordinator;
    for (;;) {
      last = new Coordinator('killed', whole);
      // One in five is killed while it starts and opens the store; the others live for a few trials.
      if (random.uniform() < 0.2) await pause(random.integer(400));
      else await last.heard('point', 3 + random.integer(4)).then(() => pause(random.integer(30)));
      if (last.hasEnded) break;
      last.send('SIGKILL');
      await last.end();
      kills++;
      if (!existsSync(file)) continue;
      const trials = StudyStore.open(file).studies().length === 0 ? [] : StudyStore.read(file).trials('killed');
      const finished = trials.filter((trial) => trial.state !== 'interrupted');
      expect(finished.length).toBeGreaterThanOrEqual(told.length);
      for (const trial of told) expect(finished).toContainEqual(trial);
      told = finished;
    }
    expect(kills).toBeGreaterThan(2);
    expect(await last.end()).toBe(0);
    expect(essence(StudyStore.read(file).trials('killed'))).toEqual(essence(expected.trials));
  });

  it('during the final step repeats only that', async () => {
    const finals = join(folder, 'finals.txt');
    const first = new Coordinator('final', { ...configuration, trials: 3 }, finals);
    await first.heard('final-started');
    await pause(50);
    first.send('SIGKILL');
    await first.end();
    const before = StudyStore.read(file).trials('final');
    const second = new Coordinator('final', { ...configuration, trials: 3 }, finals);
    expect(await second.end()).toBe(0);
    expect(second.stderr).not.toContain('started\nfinished');
    const best = before.reduce((a, b) => ((b.score ?? 0) > (a.score ?? 0) ? b : a)).number;
    expect(readFileSync(finals, 'utf8')).toBe(`${best}\n${best}\n`);
    expect(JSON.parse(second.stdout).final).toEqual({ trial: best });
    expect(StudyStore.read(file).trials('final')).toEqual(before);
  });
});

describe.skipIf(process.platform === 'win32')('a searching process', () => {
  it('that is killed alone leaves no trial process behind', async () => {
    const journal = join(folder, 'journal.txt');
    writeFileSync(journal, '');
    const evaluation = { name: 'fake', settings: { behaviour: 'hang', journal } };
    const search = new Coordinator('orphans', {
      ...configuration,
      strategy: { name: 'random', settings: {} },
      evaluation,
      workers: 2,
    });
    const pids = () => readFileSync(journal, 'utf8').split('\n').filter(Boolean).map(Number);
    while (!search.hasEnded && pids().length < 2) await pause(5);
    search.send('SIGKILL', 'process');
    await search.end();
    for (let patience = 200; patience > 0 && pids().some(isRunning); patience--) await pause(10);
    expect(pids()).toHaveLength(2);
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it('ends with 130 after Ctrl-C in its terminal, fails no trial for it, and can be resumed', async () => {
    const expected = await undisturbed(configuration);
    const first = new Coordinator('interrupted', configuration);
    await first.heard('point', 3);
    first.send('SIGINT');
    expect(await first.end()).toBe(130);
    expect(StudyStore.read(file).summary('interrupted')).toMatchObject({
      state: 'stopped',
      trials: { failed: 0, interrupted: 1 },
    });
    const second = new Coordinator('interrupted', configuration);
    expect(await second.end()).toBe(0);
    expect(essence(JSON.parse(second.stdout).trials)).toEqual(JSON.parse(JSON.stringify(essence(expected.trials))));
  });

  it('is refused where another works on the same study, and welcome on another study of the same store', async () => {
    const evaluation = { name: 'fake', settings: { behaviour: 'hang' } };
    const first = new Coordinator('busy', { ...configuration, evaluation });
    await first.heard('started');
    const same = new Coordinator('busy', configuration);
    expect(await same.end()).toBe(2);
    expect(same.stderr).toMatch(/UsageError: The study "busy" is being worked on/);
    const other = new Coordinator('other', { ...configuration, trials: 4 });
    expect(await other.end()).toBe(0);
    expect(JSON.parse(other.stdout).counts.completed).toBe(4);
    first.send('SIGINT');
    expect(await first.end()).toBe(130);
  });

  it('can be watched by another process while it writes', async () => {
    const evaluation = { name: 'fake', settings: { milliseconds: 60 } };
    const search = new Coordinator('watched', { ...configuration, evaluation });
    const seen = new Set<number>();
    let wasRunning = false;
    while (!search.hasEnded) {
      await pause(15);
      if (!existsSync(file) || !search.stderr.includes('opened')) continue;
      const reader = StudyStore.read(file);
      const { state, trials } = reader.summary('watched');
      wasRunning ||= state === 'running';
      seen.add(trials.completed);
      reader.close();
    }
    expect(await search.end()).toBe(0);
    expect(wasRunning).toBe(true);
    expect(seen.size).toBeGreaterThan(2);
    expect([...seen]).toEqual([...seen].sort((a, b) => a - b));
  });
});
