/** @file The store: many studies in one SQLite file, each a row with its configuration and an append-only log of events. */
import { realpathSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf, UsageError } from '../error.js';
import { type StudyConfiguration, studyConfigurationSchema } from '../record/configuration.js';
import type { RecordedEvent } from '../record/event.js';
import { keptArtifacts } from '../record/kept-artifacts.js';
import { advance, emptyStudy, type StudyState, type StudySummary, summarize } from '../record/summary.js';
import { interrupted, type Trials } from '../record/trial.js';
import { configurationOfVersion1 } from '../record/version-1.js';
import { didYouMean } from '../suggestion.js';
import { ArtifactFiles, type Collected } from './artifact-files.js';
import { explained, openDatabase, openDatabaseForReading, type StoreDatabase, transaction } from './database.js';
import { EventTable } from './event-table.js';
import { StudyLock } from './lock.js';
import { type Clock, monotonic, type StoredStudy, StudyLog } from './log.js';
import { FORMAT_VERSION, newerFormat, problemOf, StudyDamage } from './study-damage.js';

// The driver may add a property `_metadata` to a row: objects here are not strict.
const studyRow = z.object({
  id: z.number(),
  name: z.string(),
  created: z.number(),
  configuration: z.string(),
  // Stores of version 1 that were never opened for writing since have no such column.
  version: z.number().default(1),
});

type StudyRow = z.infer<typeof studyRow>;

/** A study that cannot be read: it does not hinder the others. */
export interface DamagedStudy {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly state: 'damaged';
  /** What is wrong with it, in words. */
  readonly problem: string;
}

/** A name for a study: this one, or this one or the first free of `NAME-2`, `NAME-3`, … */
export type WantedName = string | { readonly free: string };

/** How a study is followed. */
export interface FollowOptions {
  /** The id of the last event that the reader knows; 0 for all. */
  readonly after?: number;
  /** Ends the events. */
  readonly signal?: AbortSignal;
  /** Milliseconds between two looks; a look that finds nothing reads one page of an index. */
  readonly interval?: number;
}

/** Milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** So many events are read at once. */
const PAGE = 1000;

/** A file of studies. Any number of processes may read it and write to it at once. */
export class StudyStore {
  readonly file: string;
  /** What evaluations of its studies left: files in a folder beside it. */
  readonly artifacts: ArtifactFiles;
  readonly #database: StoreDatabase;
  readonly #events: EventTable;
  readonly #now: Clock;
  readonly #stopwatch: Clock;
  /** How far this reader has come in each study: no event is read twice. */
  readonly #places = new Map<number, { readonly after: number; readonly state: StudyState }>();

  /**
   * Most callers want `StudyStore.open` or `StudyStore.read`; `database` comes from `openDatabase`.
   *
   * @param now milliseconds since 1970
   * @param stopwatch milliseconds, for durations: goes only forward
   */
  constructor(database: StoreDatabase, file: string, now: Clock = Date.now, stopwatch: Clock = monotonic) {
    this.#database = database;
    this.#events = new EventTable(database, file);
    this.file = file;
    this.artifacts = new ArtifactFiles(`${realpathSync(file)}.artifacts`);
    this.#now = now;
    this.#stopwatch = stopwatch;
  }

  /**
   * Opens a store for searching, and makes it where there is none. One of an older version gets the present one, so that
   * older programs refuse it; what it holds stays as it is.
   *
   * @throws {UsageError} where the file is no store, one of a newer version, or read-only
   * @throws {WorkError} where it is damaged
   */
  static open(file: string, now: Clock = Date.now, stopwatch: Clock = monotonic): StudyStore {
    return new StudyStore(openDatabase(file), file, now, stopwatch);
  }

  /**
   * Opens a store for looking only; it is never changed, and may be read-only.
   *
   * @throws {UsageError} where there is no such file, it is no store, or one of a newer version
   * @throws {WorkError} where it is damaged
   */
  static read(file: string): StudyStore {
    return new StudyStore(openDatabaseForReading(file), file);
  }

  /** All studies, oldest first. */
  studies(): (StudySummary | DamagedStudy)[] {
    return this.#rows().map((row) => {
      try {
        return this.#summary(this.#study(row));
      } catch (error) {
        if (!(error instanceof StudyDamage)) throw error;
        return { name: row.name, created: row.created, state: 'damaged', problem: error.problem };
      }
    });
  }

  /**
   * @throws {UsageError} where no study has that name
   * @throws {StudyDamage} where it cannot be read
   */
  summary(name: string): StudySummary {
    return this.#summary(this.study(name));
  }

  /**
   * The trials of a study by number.
   *
   * @throws {UsageError} where no study has that name
   * @throws {StudyDamage} where it cannot be read
   */
  trials(name: string): Trials {
    const study = this.study(name);
    const live = this.#isLive(study.id);
    const { trials } = this.#state(study);
    return live ? trials : interrupted(trials);
  }

  /**
   * @throws {UsageError} where no study has that name; it suggests one of a similar name
   * @throws {StudyDamage} where its configuration cannot be read
   */
  study(name: string): StoredStudy {
    const rows = this.#rows();
    const found = rows.find((row) => row.name === name);
    if (found) return this.#study(found);
    if (rows.length === 0)
      throw new UsageError(`There is no study named "${name}": the store ${this.file} holds none.`);
    const names = rows.map((row) => row.name);
    throw new UsageError(
      `There is no study named "${name}"${didYouMean(name, names)} in ${this.file}; \`nas studies\` lists all.`,
    );
  }

  /** `wanted` if no study has that name, else the first free of `wanted-2`, `wanted-3`, … Another process may take it at any time. */
  freeName(wanted: string): string {
    const taken = new Set(this.#rows().map((study) => study.name));
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
    return name;
  }

  /**
   * Records a new study and takes it up. Its name is chosen and taken at once: of processes that begin at the same moment
   * with `{ free: NAME }`, each gets a name of its own.
   *
   * @param configuration may depend on the name; where that function throws, nothing is recorded. Others wait for the
   *   store until it returns
   * @throws {UsageError} where the name is taken, or one that a shell would not take as it stands
   */
  create(wanted: WantedName, configuration: StudyConfiguration | ((name: string) => StudyConfiguration)): StudyLog {
    refuseBadName(typeof wanted === 'string' ? wanted : wanted.free);
    const study = explained(this.file, () =>
      transaction(this.#database, () => {
        const name = typeof wanted === 'string' ? wanted : this.freeName(wanted.free);
        if (this.#rows().some((row) => row.name === name)) throw this.#nameTaken(name);
        const given = typeof configuration === 'function' ? configuration(name) : configuration;
        const checked = studyConfigurationSchema.parse(given);
        const created = this.#now();
        const { lastInsertRowid } = this.#database
          .prepare('INSERT INTO study (name, created, configuration, version) VALUES (?, ?, ?, ?)')
          .run(name, created, JSON.stringify(checked), FORMAT_VERSION);
        return { id: Number(lastInsertRowid), name, created, configuration: checked };
      }),
    );
    return this.#take(study);
  }

  /**
   * Takes up a study that was left.
   *
   * @throws {UsageError} where no study has that name, or another process works on it
   * @throws {StudyDamage} where it cannot be read
   */
  resume(name: string): StudyLog {
    return this.#take(this.study(name));
  }

  /**
   * The events of a study after the one with this id, in the order of recording.
   *
   * @throws {UsageError} where no study has that name
   * @throws {StudyDamage} where one of them cannot be read
   */
  since(name: string, id: number): RecordedEvent[] {
    return this.#events.since(this.study(name), id);
  }

  /**
   * The events of a study as they are recorded, by this process or another one, until the signal ends them. A reader that
   * comes back says the id of the last event that it knows, and misses none and gets none twice.
   *
   * @example
   * let trials: Trials = [];
   * for await (const event of store.follow('digits', { signal })) trials = step(trials, event);
   *
   * @throws {UsageError} where no study has that name
   * @throws {StudyDamage} where an event cannot be read
   */
  async *follow(
    name: string,
    { after = 0, signal, interval = 200 }: FollowOptions = {},
  ): AsyncGenerator<RecordedEvent, void, void> {
    const study = this.study(name);
    let place = after;
    while (!signal?.aborted) {
      const events = this.#events.since(study, place, PAGE);
      for (const event of events) {
        if (signal?.aborted) return;
        place = event.id;
        yield event;
      }
      if (events.length === 0) await setTimeout(interval, undefined, signal && { signal }).catch(() => {});
    }
  }

  /**
   * Removes the artefacts that no study needs any more, by `keptArtifacts`, and what killed processes left half written. A
   * study that cannot be read keeps all that its rows name. While a study runs, nothing of the last day goes: an artefact is
   * put before the log refers to it.
   *
   * @throws {WorkError} where the folder of the artefacts cannot be written
   */
  clean(): Promise<Collected> {
    const now = this.#now();
    const rows = this.#rows();
    const live = rows.some(({ id }) => this.#isLive(id));
    const kept = new Set(rows.flatMap((row) => [...this.#keptArtifacts(row)]));
    return this.artifacts.collect(kept, live ? now - DAY : now);
  }

  /** Gives the file back. A `StudyLog` of this store must be closed before. */
  close(): void {
    this.#database.close();
  }

  #take(study: StoredStudy): StudyLog {
    const lock = explained(this.file, () => StudyLock.take(this.#lockFile(study.id)));
    if (!lock) throw this.#inUse(study);
    try {
      return new StudyLog(study, { events: this.#events, lock, now: this.#now, stopwatch: this.#stopwatch });
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  #rows(): StudyRow[] {
    return explained(this.file, () =>
      this.#database
        .prepare('SELECT * FROM study ORDER BY id')
        .all()
        .map((row) => studyRow.parse(row)),
    );
  }

  #study({ version, configuration, ...study }: StudyRow): StoredStudy {
    if (version > FORMAT_VERSION) throw new StudyDamage(study.name, this.file, newerFormat(version));
    try {
      const value: unknown = JSON.parse(configuration);
      const present = version === 1 ? configurationOfVersion1(value) : value;
      return { ...study, configuration: studyConfigurationSchema.parse(present) };
    } catch (error) {
      const problem = error instanceof z.ZodError ? problemOf(error) : messageOf(error);
      throw new StudyDamage(study.name, this.file, `its configuration: ${problem}`);
    }
  }

  #keptArtifacts(row: StudyRow): Iterable<string> {
    try {
      const study = this.#study(row);
      return keptArtifacts(this.#state(study), study.configuration);
    } catch (error) {
      if (!(error instanceof StudyDamage)) throw error;
      return this.#events.digests(row);
    }
  }

  #summary(study: StoredStudy): StudySummary {
    const live = this.#isLive(study.id);
    return summarize(study, this.#state(study), live);
  }

  /** What the log tells by now; reads on from where this reader has come. */
  #state(study: StoredStudy): StudyState {
    const { after, state } = this.#places.get(study.id) ?? { after: 0, state: emptyStudy };
    const events = this.#events.since(study, after);
    const last = events.at(-1);
    if (last === undefined) return state;
    try {
      const place = { after: last.id, state: advance(state, events) };
      this.#places.set(study.id, place);
      return place.state;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new StudyDamage(study.name, this.file, error.message);
    }
  }

  #isLive(study: number): boolean {
    return explained(this.file, () => StudyLock.isHeld(this.#lockFile(study)));
  }

  /** Beside the real file, so that two names of one store share its locks. */
  #lockFile(study: number): string {
    return `${realpathSync(this.file)}-study-${study}.lock`;
  }

  #nameTaken(name: string): UsageError {
    return new UsageError(
      `A study named "${name}" is already in ${this.file}. Go on with it: \`nas resume ${name}\`. Or choose another --name, such as ${this.freeName(name)}.`,
    );
  }

  #inUse(study: StoredStudy): UsageError {
    const holder = this.#events.last(study, 'opened');
    const who =
      holder?.kind === 'opened'
        ? `process ${holder.process} on ${holder.host}, since ${new Date(holder.at).toISOString()}`
        : 'another process';
    return new UsageError(
      `The study "${study.name}" is being worked on (${who}). Wait for it or end it, then resume; \`nas show ${study.name}\` looks at it without disturbing it.`,
    );
  }
}

function refuseBadName(name: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u.test(name)) return;
  throw new UsageError(
    `"${name}" cannot name a study: a name has 1 to 100 letters, digits, dots, dashes and underscores, and begins with a letter or digit.`,
  );
}
