/** @file A store that an earlier version wrote; `test/fixtures/store/README.md` says what it holds. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nodeEngine } from '../src/engine/node-engine.js';
import { isOver } from '../src/record/trial.js';
import { finalResultSchema } from '../src/search/final-training.js';
import { StudyStore } from '../src/store/store.js';
import { resumeStudy } from '../src/study/runner.js';
import { setupOf } from '../src/study/setup.js';

const fixture = fileURLToPath(new URL('./fixtures/store/version-1.db', import.meta.url));

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasturtium-version-1-'));
  file = join(folder, 'studies.db');
  copyFileSync(fixture, file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const versionOf = (path: string) => z.array(z.unknown()).parse(new Database(path).pragma('user_version'))[0];
const recorded = (path: string) =>
  new Database(path).prepare('SELECT id, study, at, kind, trial, body FROM event WHERE id <= 101 ORDER BY id').all();

describe('a store of version 1', () => {
  // Looked at only, and after it was opened for writing.
  it.each([
    ['read', () => StudyStore.read(file)],
    ['open', () => StudyStore.open(file)],
  ])('is told in the present terms: %s', (_, open) => {
    const store = open();
    expect(store.studies()).toMatchObject([
      {
        name: 'finished',
        state: 'finished',
        trials: { completed: 5 },
        best: { number: 4 },
        searchEnd: 'trials',
        configuration: {
          space: { name: 'mobile', settings: {} },
          strategy: { name: 'regularized-evolution', settings: { populationSize: 3 } },
          constraints: { params: 20_000, macs: 2_000_000 },
          pick: { rule: 'under', quantity: 'params', most: 19_000 },
        },
      },
      { name: 'budgets', state: 'finished', trials: { completed: 6 }, best: { number: 5, fidelity: 1 } },
      { name: 'stopping', state: 'finished', configuration: { stopping: { name: 'median' } } },
      { name: 'stopped', state: 'stopped', trials: { completed: 2, interrupted: 1 }, searchEnd: null },
    ]);
    expect(store.trials('budgets').map(({ fidelity }) => fidelity)).toEqual(expect.arrayContaining([0.5, 1]));
    const [trial] = store.trials('finished');
    expect(trial?.curve[0]).toEqual({
      epoch: 1,
      seconds: expect.any(Number),
      values: {
        images: 1344,
        learningRate: expect.any(Number),
        trainLoss: expect.any(Number),
        validLoss: expect.any(Number),
        validAccuracy: expect.any(Number),
      },
    });
    expect(trial?.metrics).toMatchObject({ validAccuracy: trial?.score, epochs: 2, bestEpoch: expect.any(Number) });
    const final = finalResultSchema.parse(store.summary('finished').final);
    expect(final.curve.map(({ values }) => values.images)).toEqual([1344, 2688]);
    store.close();
  });

  it('gets version 2 when it is opened for writing, and keeps what it held byte by byte', () => {
    const before = recorded(file);
    StudyStore.read(file).close();
    expect(versionOf(file)).toEqual({ user_version: 1 });
    StudyStore.open(file).close();
    expect(versionOf(file)).toEqual({ user_version: 2 });
    expect(recorded(file)).toEqual(before);
  });

  it('says of each row which version wrote it, also where an earlier program still has the store open', () => {
    const earlier = new Database(file).prepare(
      "INSERT INTO event (study, at, kind, trial, body) VALUES (4, 0, 'asked', 3, ?)",
    );
    const reader = StudyStore.read(file);
    const log = StudyStore.open(file).resume('stopped');
    earlier.run('{"seed":1,"architecture":0,"cost":{},"budget":0.25}');
    log.append({ kind: 'asked', trial: 4, seed: 1, architecture: 0, cost: {}, fidelity: 0.5 });
    expect(
      reader
        .trials('stopped')
        .slice(3)
        .map(({ fidelity }) => fidelity),
    ).toEqual([0.25, 0.5]);
    expect(
      new Database(file)
        .prepare('SELECT version, count(*) AS rows FROM event WHERE study = 4 AND id > 101 GROUP BY version')
        .all(),
    ).toMatchObject([
      { version: 1, rows: 1 },
      { version: 2, rows: 2 },
    ]);
    log.close();
  });

  it.each(['stopped', 'finished', 'budgets', 'stopping'])('goes on where it stopped: %s', async (name) => {
    const store = StudyStore.open(file);
    const before = store.trials(name);
    const { configuration } = store.study(name);
    const result = await resumeStudy(name, {
      store,
      setup: setupOf(configuration, {
        target: { channels: 1, height: 8, width: 8, classes: 10 },
        engine: nodeEngine(),
      }),
      executor: {
        run: async () => ({ state: 'completed', result: { metrics: { validAccuracy: 0.5 } } }),
        close: async () => {},
      },
    });
    expect(result).toMatchObject({ interrupted: false, searchEnd: 'trials' });
    expect(result.trials).toHaveLength(configuration.trials ?? 0);
    const done = before.filter(isOver);
    expect(result.trials.slice(0, done.length)).toEqual(done);
    store.close();
  });
});
