import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError, WorkError } from '../error.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { openDatabase } from './database.js';
import { StudyStore } from './store.js';

const configuration: StudyConfiguration = {
  space: { name: 'mobile', settings: {} },
  strategy: { name: 'random', settings: {} },
  evaluation: { name: 'train', settings: { epochs: 2 } },
  data: { reference: 'digits', seed: 0 },
  constraints: { params: 60_000 },
  seed: 1,
  trials: 4,
  budgetSeconds: null,
  workers: 1,
  threads: 1,
  limits: { seconds: 60, bytes: null },
  final: null,
};
const point = {
  epoch: 1,
  images: 64,
  learningRate: 0.1,
  trainLoss: 2,
  validLoss: 1.5,
  validAccuracy: 0.5,
  seconds: 0.25,
};
const asked = (trial: number) =>
  ({ kind: 'asked', trial, seed: trial + 10, architecture: { depth: trial }, cost: { params: 5 } }) as const;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasturtium-store-'));
  file = join(folder, 'studies.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a store', () => {
  it('gives back the configuration and every trial as they were recorded', () => {
    let now = 1_000;
    const store = StudyStore.open(file, () => now);
    const log = store.create('first', configuration);
    for (const trial of [0, 1, 2, 3, 4]) log.append(asked(trial));
    for (const trial of [0, 1, 2, 4]) log.append({ kind: 'started', trial });
    log.append({ kind: 'point', trial: 0, point });
    log.append({ kind: 'point', trial: 0, point: { ...point, epoch: 2, trainLoss: Number.NaN } });
    now = 3_500;
    log.append({ kind: 'completed', trial: 0, score: 0.75, metrics: { validAccuracy: 0.75 }, epochs: 2, seconds: 2 });
    log.append({ kind: 'failed', trial: 1, reason: 'killed', seconds: 1 });
    log.append({ kind: 'pruned', trial: 2, reason: 'hopeless', seconds: 1 });
    log.append({ kind: 'infeasible', trial: 3, reason: 'too slow' });

    const reader = StudyStore.read(file);
    expect(reader.study('first').configuration).toEqual(configuration);
    const trials = reader.trials('first');
    expect(trials.map((trial) => trial.state)).toEqual(['completed', 'failed', 'pruned', 'infeasible', 'running']);
    expect(trials.map((trial) => trial.reason)).toEqual([null, 'killed', 'hopeless', 'too slow', null]);
    expect(trials[0]).toEqual({
      number: 0,
      state: 'completed',
      budget: 1,
      architecture: { depth: 0 },
      metrics: { validAccuracy: 0.75 },
      score: 0.75,
      cost: { params: 5 },
      curve: [point, { ...point, epoch: 2, trainLoss: Number.NaN }],
      seconds: 2,
      reason: null,
      seed: 10,
    });
    expect(reader.summary('first')).toMatchObject({
      state: 'running',
      trials: { completed: 1, failed: 1, pruned: 1, infeasible: 1, running: 1, interrupted: 0 },
      best: { number: 0 },
      seconds: 2.5,
    });

    log.close();
    expect(reader.trials('first')[4]?.state).toBe('interrupted');
    expect(reader.summary('first').state).toBe('stopped');
    reader.close();
    store.close();
  });

  it('forgets the curve of a trial that is started again', () => {
    const store = StudyStore.open(file);
    const log = store.create('again', configuration);
    log.append(asked(0));
    log.append({ kind: 'started', trial: 0 });
    log.append({ kind: 'point', trial: 0, point });
    log.append({ kind: 'started', trial: 0 });
    expect(store.trials('again')[0]?.curve).toEqual([]);
    log.close();
  });

  it('counts the seconds of all sessions, without the time between them', () => {
    let now = 0;
    const store = StudyStore.open(file, () => now);
    const first = store.create('timed', configuration);
    now = 4_000;
    first.append(asked(0));
    first.close();
    now = 100_000;
    const second = store.resume('timed');
    now = 101_500;
    second.append({ kind: 'started', trial: 0 });
    second.close();
    expect(store.summary('timed').seconds).toBe(5.5);
  });

  it('never changes or deletes what was recorded', () => {
    const store = StudyStore.open(file);
    store.create('kept', configuration).close();
    const database = new Database(file);
    for (const sql of [
      'UPDATE event SET at = 0',
      'DELETE FROM event',
      "UPDATE study SET name = 'x'",
      'DELETE FROM study',
    ]) {
      expect(() => database.prepare(sql).run()).toThrow(/never/);
    }
    expect(store.studies()).toHaveLength(1);
  });

  it('refuses a second worker on a study, and lets it in when the first has gone', () => {
    const store = StudyStore.open(file);
    const other = StudyStore.open(file);
    const log = store.create('mine', configuration);
    expect(() => other.resume('mine')).toThrow(UsageError);
    expect(() => other.resume('mine')).toThrow(`process ${process.pid}`);
    log.close();
    const second = other.resume('mine');
    expect(() => store.resume('mine')).toThrow(/being worked on/);
    second.close();
  });

  it('records two studies at once', () => {
    const logs = ['a', 'b'].map((name) => StudyStore.open(file).create(name, configuration));
    for (let trial = 0; trial < 10; trial++) for (const log of logs) log.append(asked(trial));
    const reader = StudyStore.read(file);
    expect(reader.studies().map((study) => [study.name, study.trials.running])).toEqual([
      ['a', 10],
      ['b', 10],
    ]);
    for (const log of logs) log.close();
  });

  it('stops a worker whose study was taken over although its lock file was deleted', () => {
    const store = StudyStore.open(file);
    const log = store.create('fenced', configuration);
    rmSync(`${file}-study-1.lock`);
    const thief = StudyStore.open(file).resume('fenced');
    expect(() => log.append(asked(0))).toThrow(/taken over/);
    expect(thief.append(asked(0)).kind).toBe('asked');
    thief.close();
  });
});

describe('names', () => {
  it('offers to resume where a name is taken, and a free name', () => {
    const store = StudyStore.open(file);
    store.create('digits', configuration).close();
    expect(() => store.create('digits', configuration)).toThrow(UsageError);
    expect(() => store.create('digits', configuration)).toThrow(/nas resume digits.*digits-2/);
    expect(store.freeName('digits')).toBe('digits-2');
    expect(store.freeName('other')).toBe('other');
  });

  it.each(['', ' ', '-quiet', 'a b', 'a\nb', '../x'])('refuses %j', (name) => {
    const store = StudyStore.open(file);
    expect(() => store.create(name, configuration)).toThrow(UsageError);
    expect(store.studies()).toEqual([]);
  });

  it('names the nearest studies where one is unknown', () => {
    const store = StudyStore.open(file);
    for (const name of ['fashion', 'digits', 'cifar']) store.create(name, configuration).close();
    expect(() => store.study('fasion')).toThrow(/There is no study named "fasion" \(did you mean fashion\?\)/);
    expect(() => store.resume('fasion')).toThrow(UsageError);
  });
});

describe('a bad file', () => {
  const attempts = () => [() => StudyStore.open(file), () => StudyStore.read(file)];

  it('that is no database is refused and left alone', () => {
    const text = 'not a database at all\n'.repeat(100);
    writeFileSync(file, text);
    for (const attempt of attempts()) {
      expect(attempt).toThrow(UsageError);
      expect(attempt).toThrow(/no SQLite file/);
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('of another program is refused and left alone', () => {
    const database = new Database(file);
    database.exec('CREATE TABLE places (url TEXT)');
    for (const attempt of attempts()) expect(attempt).toThrow(/another program/);
    expect(database.pragma('user_version')).toEqual([{ user_version: 0 }]);
  });

  it('of a newer version says which versions and how to update', () => {
    StudyStore.open(file).close();
    new Database(file).pragma('user_version = 7');
    for (const attempt of attempts()) {
      expect(attempt).toThrow(UsageError);
      expect(attempt).toThrow(/version 7.*version 1.*npm install nasturtium@latest/);
    }
  });

  it('that is damaged is a clear error', () => {
    const store = StudyStore.open(file);
    const log = store.create('long', configuration);
    for (let trial = 0; trial < 300; trial++) log.append(asked(trial));
    log.close();
    const database = new Database(file);
    database.pragma('wal_checkpoint(TRUNCATE)');
    const copy = join(folder, 'copy.db');
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 2 * 4096, bytes.length - 4096);
    writeFileSync(copy, bytes);
    expect(() => StudyStore.open(copy).trials('long')).toThrow(WorkError);
    expect(() => StudyStore.open(copy).trials('long')).toThrow(/damaged/);
    writeFileSync(copy, readFileSync(file).subarray(0, 3 * 4096 + 100));
    expect(() => StudyStore.read(copy).trials('long')).toThrow(/damaged/);
  });

  it('that lacks a table, or whose study makes no sense, is a clear error in one line', () => {
    StudyStore.open(file).create('odd', configuration).close();
    const database = new Database(file);
    database.exec('DROP TABLE event');
    expect(() => StudyStore.read(file).studies()).toThrow(/^The store .* is damaged \(no such table: event\)[^\n]*$/);
    database.exec("DROP TRIGGER study_is_kept; UPDATE study SET configuration = '{}'");
    expect(() => StudyStore.read(file).studies()).toThrow(/^The store .* is damaged \(study "odd": space: [^\n]*$/);
  });

  it('with an event that makes no sense names the event', () => {
    const store = StudyStore.open(file);
    store.create('odd', configuration).close();
    const insert = new Database(file).prepare(
      "INSERT INTO event (study, at, kind, trial, body) VALUES (1, 0, 'point', 0, ?)",
    );
    insert.run('{"point": 3}');
    expect(() => store.trials('odd')).toThrow(/damaged \(event 2/);
    expect(() => store.trials('odd')).toThrow(WorkError);
  });

  it('that is missing is created for a search, and an error for a look', () => {
    expect(() => StudyStore.read(file)).toThrow(UsageError);
    expect(() => StudyStore.read(file)).toThrow(/no store at/);
    expect(existsSync(file)).toBe(false);
    expect(() => StudyStore.open(join(folder, 'none', 'x.db'))).toThrow(/folder is missing or read-only/);
    expect(() => StudyStore.open(folder)).toThrow(/is a folder/);
  });

  // Root may write everywhere, so that nothing is read-only for it.
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'that is read-only can be looked at but not searched',
    () => {
      const sealed = join(folder, 'sealed');
      mkdirSync(sealed);
      const store = StudyStore.open(file);
      store.create('sealed', configuration).close();
      new Database(file).pragma('wal_checkpoint(TRUNCATE)');
      copyFileSync(file, join(sealed, 'studies.db'));
      chmodSync(sealed, 0o555);
      expect(() => StudyStore.open(join(sealed, 'studies.db'))).toThrow(/cannot be written/);
      expect(() => StudyStore.open(join(sealed, 'new.db'))).toThrow(/cannot be written/);
      expect(StudyStore.read(join(sealed, 'studies.db')).studies()).toHaveLength(1);
      chmodSync(sealed, 0o755);
      chmodSync(file, 0o000);
      expect(() => StudyStore.read(file)).toThrow(/may not read the store/);
    },
  );

  it('on a full disk stops the writer and keeps what was recorded', () => {
    const database = openDatabase(file);
    const store = new StudyStore(database, file);
    const log = store.create('full', configuration);
    database.pragma('max_page_count = 12');
    let recorded = 0;
    const fill = () => {
      for (; ; recorded++) log.append(asked(recorded));
    };
    expect(fill).toThrow(/is full/);
    expect(fill).toThrow(WorkError);
    expect(recorded).toBeGreaterThan(10);
    expect(store.trials('full')).toHaveLength(recorded);
    database.pragma('max_page_count = 1000');
    log.append(asked(recorded));
    expect(StudyStore.read(file).trials('full')).toHaveLength(recorded + 1);
    log.close();
  });
});
