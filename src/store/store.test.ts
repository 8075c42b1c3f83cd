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
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError, WorkError } from '../error.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { happeningSchema, type RecordedEvent } from '../record/event.js';
import { fold } from '../record/trial.js';
import { openDatabase } from './database.js';
import type { StudyLog } from './log.js';
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
  seconds: 0.25,
  values: { trainLoss: 2, validAccuracy: 0.5 },
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
    const store = StudyStore.open(
      file,
      () => now,
      () => now,
    );
    const log = store.create('first', configuration);
    for (const trial of [0, 1, 2, 3, 4]) log.append(asked(trial));
    for (const trial of [0, 1, 2, 4]) log.append({ kind: 'started', trial });
    log.append({ kind: 'point', trial: 0, point });
    log.append({ kind: 'point', trial: 0, point: { ...point, epoch: 2, values: { trainLoss: Number.NaN } } });
    now = 3_500;
    log.append({ kind: 'completed', trial: 0, score: 0.75, metrics: { validAccuracy: 0.75 }, seconds: 2 });
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
      fidelity: 1,
      parent: null,
      artifacts: {},
      layers: null,
      judgement: null,
      losses: 0,
      architecture: { depth: 0 },
      metrics: { validAccuracy: 0.75 },
      score: 0.75,
      cost: { params: 5 },
      curve: [point, { ...point, epoch: 2, values: { trainLoss: Number.NaN } }],
      seconds: 2,
      reason: null,
      seed: 10,
    });
    expect(reader.summary('first')).toMatchObject({
      state: 'running',
      trials: { completed: 1, failed: 1, pruned: 1, infeasible: 1, lost: 0, running: 1, interrupted: 0 },
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
    const store = StudyStore.open(
      file,
      () => now,
      () => now,
    );
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
    expect(reader.trials('a')).toHaveLength(10);
    expect(reader.trials('b')).toHaveLength(10);
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

  it('are chosen and taken at once, and known to what depends on them', () => {
    const stores = Array.from({ length: 3 }, () => StudyStore.open(file));
    const other = new Database(file);
    const names = stores.map((store) => {
      const log = store.create({ free: 'digits' }, (name) => {
        expect(() => other.exec('BEGIN IMMEDIATE')).toThrow(/locked/);
        return { ...configuration, final: { out: `runs/${name}` } };
      });
      log.close();
      return log.study.name;
    });
    expect(names).toEqual(['digits', 'digits-2', 'digits-3']);
    expect(stores[0]?.study('digits-3').configuration.final).toEqual({ out: 'runs/digits-3' });
  });

  it('are not taken where what depends on them fails', () => {
    const store = StudyStore.open(file);
    const failing = () => {
      throw new UsageError('no such folder');
    };
    expect(() => store.create({ free: 'digits' }, failing)).toThrow('no such folder');
    expect(store.studies()).toEqual([]);
    expect(store.create({ free: 'digits' }, configuration).study.name).toBe('digits');
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
      expect(attempt).toThrow(/version 7.*versions up to 2.*npm install nasturtium@latest/);
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

  it('that lacks a table is a clear error in one line', () => {
    StudyStore.open(file).create('odd', configuration).close();
    new Database(file).exec('DROP TABLE event');
    expect(() => StudyStore.read(file).studies()).toThrow(/^The store .* is damaged \(no such table: event\)[^\n]*$/);
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

describe('a damaged or newer study', () => {
  const insert = "INSERT INTO event (study, at, kind, trial, body, version) VALUES (2, 0, 'point', 0, '{}', 2)";

  it.each([
    [
      'whose configuration makes no sense',
      "DROP TRIGGER study_is_kept; UPDATE study SET configuration = '{}' WHERE id = 2",
      /configuration: space: /,
    ],
    [
      'that a newer program wrote',
      'DROP TRIGGER study_is_kept; UPDATE study SET version = 9 WHERE id = 2',
      /newer nasturtium, in format 9 where this one reads 2.*npm install/,
    ],
    ['with an event that makes no sense', insert, /event 4: point: /],
    ['with an event of a newer program', insert.replace("'{}', 2", "'{}', 9"), /in format 9/],
    ['with an event that is no JSON', insert.replace("'{}'", "'{'"), /event 4: /],
    ['with an event that cannot follow', insert.replace("'point', 0", "'started', 0"), /trial 0 was never asked/],
  ])('%s hinders no other', (_, sql, problem) => {
    const store = StudyStore.open(file);
    for (const name of ['before', 'odd', 'after']) store.create(name, configuration).close();
    new Database(file).exec(sql);
    for (const reader of [store, StudyStore.read(file)]) {
      const [before, odd, after] = reader.studies();
      expect([before, after]).toMatchObject([
        { name: 'before', state: 'stopped' },
        { name: 'after', state: 'stopped' },
      ]);
      expect(odd).toMatchObject({ name: 'odd', state: 'damaged' });
      expect(odd).toHaveProperty('problem', expect.stringMatching(problem));
      expect(() => reader.trials('odd')).toThrow(WorkError);
      expect(() => reader.trials('odd')).toThrow(/^The study "odd" in [^\n]* cannot be read [^\n]*$/);
      expect(reader.trials('after')).toEqual([]);
    }
    store.resume('after').close();
    expect(() => store.create('odd', configuration)).toThrow(/already/);
    store.create({ free: 'odd' }, configuration).close();
    expect(store.summary('odd-2').state).toBe('stopped');
  });
});

describe('what cannot be read again', () => {
  it.each([
    [
      'time that goes back',
      { kind: 'failed', trial: 0, reason: 'late', seconds: -3598.9 },
      /"failed" of trial 0.*seconds/,
    ],
    ['a share above 1', { ...asked(1), budget: 2 }, /"asked" of trial 1.*budget/],
    ['a share that is infinite', { ...asked(1), budget: Number.POSITIVE_INFINITY }, /budget/],
    [
      'a score that is no number',
      { kind: 'completed', trial: 0, score: Number.NaN, metrics: {}, epochs: 1, seconds: 1 },
      /score/,
    ],
  ] as const)('is not recorded: %s', (_, happening, problem) => {
    const store = StudyStore.open(file);
    const log = store.create('kept', configuration);
    log.append(asked(0));
    expect(() => log.append(happening)).toThrow(WorkError);
    expect(() => log.append(happening)).toThrow(problem);
    log.append({ kind: 'started', trial: 0 });
    expect(store.trials('kept')).toHaveLength(1);
    expect(log.events().map(({ kind }) => kind)).toEqual(['opened', 'asked', 'started']);
    log.close();
  });
});

describe('a log that is followed', () => {
  it('gives what was recorded after an id, without the events of other studies', () => {
    const store = StudyStore.open(file);
    const [log, other] = [store.create('mine', configuration), store.create('other', configuration)];
    const events = [0, 1, 2].map((trial) => {
      other.append(asked(trial));
      return log.append(asked(trial));
    });
    expect(log.since(events[0]?.id ?? 0)).toEqual(events.slice(1));
    expect(store.since('mine', 0).slice(1)).toEqual(events);
    expect(log.since(events.at(-1)?.id ?? 0)).toEqual([]);
    for (const each of [log, other]) each.close();
  });

  it('is told to a reader as it grows, until the signal, and goes on after the last known id', async () => {
    const log = StudyStore.open(file).create('live', configuration);
    const reader = StudyStore.read(file);
    const seen: RecordedEvent[] = [];
    const listen = async (more: () => boolean) => {
      const controller = new AbortController();
      const after = seen.at(-1)?.id ?? 0;
      for await (const event of reader.follow('live', { after, signal: controller.signal, interval: 1 })) {
        seen.push(event);
        if (!more()) controller.abort();
      }
    };
    log.append(asked(0));
    // What is recorded while the reader waits, and while it does not listen.
    await listen(() => {
      if (seen.length === 2) setTimeout(() => log.append({ kind: 'started', trial: 0 }), 5);
      return seen.length < 3;
    });
    for (const trial of [1, 2, 3]) log.append(asked(trial));
    await listen(() => seen.length < 4);
    await listen(() => seen.length < 6);
    expect(seen).toEqual(log.events());
    expect(fold([], seen)).toEqual(reader.trials('live'));
    log.close();
  });

  it('ends at once where the signal comes while it waits', async () => {
    const store = StudyStore.open(file);
    store.create('silent', configuration).close();
    const controller = new AbortController();
    const events = store.follow('silent', { after: 99, signal: controller.signal, interval: 1e6 });
    const next = events.next();
    setTimeout(() => controller.abort(), 1);
    expect(await next).toEqual({ done: true, value: undefined });
  });

  it('is read once by a reader that looks often', () => {
    const log = StudyStore.open(file).create('long', configuration);
    const reader = StudyStore.read(file);
    const read = vi.spyOn(happeningSchema, 'parse');
    for (let trial = 0; trial < 5; trial++) {
      log.append(asked(trial));
      read.mockClear();
      expect(reader.trials('long')).toHaveLength(trial + 1);
      expect(reader.summary('long').trials.running).toBe(trial + 1);
      // The first look reads the opening too.
      expect(read).toHaveBeenCalledTimes(trial === 0 ? 2 : 1);
    }
    read.mockRestore();
    log.close();
  });
});

describe('cleaning a store', () => {
  const stored = async (store: StudyStore, text: string) => {
    const { digest } = await store.artifacts.put(new TextEncoder().encode(text));
    return digest;
  };
  const finish = (log: StudyLog, digest: string) => {
    log.append(asked(0));
    log.append({
      kind: 'completed',
      trial: 0,
      score: 1,
      metrics: {},
      seconds: 1,
      artifacts: { weights: { digest } },
    });
  };

  it('removes the artefacts that no study refers to, and keeps all that a damaged one names', async () => {
    const store = StudyStore.open(file);
    const [used, odd] = [await stored(store, 'used'), await stored(store, 'of a damaged study')];
    await stored(store, 'of nobody');
    for (const [name, digest] of [
      ['whole', used],
      ['odd', odd],
    ] as const) {
      const log = store.create(name, configuration);
      finish(log, digest);
      log.close();
    }
    new Database(file).exec(
      "INSERT INTO event (study, at, kind, trial, body, version) VALUES (2, 0, 'point', 0, '{}', 2)",
    );
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000);
    const cleaned = await StudyStore.read(file).clean();
    vi.restoreAllMocks();
    expect(cleaned).toMatchObject({ removed: { files: 1, bytes: 9 }, kept: { files: 2 } });
    for (const digest of [used, odd]) expect((await store.artifacts.get({ digest })).length).toBeGreaterThan(0);
  });

  it('leaves what is new while a study runs', async () => {
    const store = StudyStore.open(file);
    const log = store.create('running', configuration);
    await stored(store, 'not yet referred to');
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000);
    expect(await StudyStore.read(file).clean()).toMatchObject({ removed: { files: 0 }, kept: { files: 1 } });
    log.close();
    expect(await StudyStore.read(file).clean()).toMatchObject({ removed: { files: 1 }, kept: { files: 0 } });
    vi.restoreAllMocks();
  });
});
