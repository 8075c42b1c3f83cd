/** @file The store: many studies in one SQLite file, each a row with its configuration and an append-only log of events. */
import { realpathSync } from 'node:fs';
import { z } from 'zod';
import { messageOf, UsageError } from '../error.js';
import { type StudyConfiguration, studyConfigurationSchema } from '../record/configuration.js';
import { happeningSchema, type StudyEvent } from '../record/event.js';
import { type StudySummary, summarize } from '../record/summary.js';
import { type TrialRecord, trialsOf } from '../record/trial.js';
import { didYouMean } from '../suggestion.js';
import {
  damaged,
  explained,
  openDatabase,
  openDatabaseForReading,
  type StoreDatabase,
  transaction,
} from './database.js';
import { StudyLock } from './lock.js';
import { type Clock, type StoredStudy, StudyLog } from './log.js';

// The driver may add a property `_metadata` to a row: objects here are not strict.
const studyRow = z.object({ id: z.number(), name: z.string(), created: z.number(), configuration: z.string() });
const eventRow = z.object({
  id: z.number(),
  at: z.number(),
  kind: z.string(),
  trial: z.number().nullable(),
  body: z.string(),
});

/** A file of studies. Any number of processes may read it and write to it at once. */
export class StudyStore {
  readonly file: string;
  readonly #database: StoreDatabase;
  readonly #clock: Clock;

  /** Most callers want `StudyStore.open` or `StudyStore.read`; `database` comes from `openDatabase`. */
  constructor(database: StoreDatabase, file: string, clock: Clock = Date.now) {
    this.#database = database;
    this.file = file;
    this.#clock = clock;
  }

  /**
   * Opens a store for searching, and makes it where there is none.
   *
   * @throws UsageError if the file is no store, one of a newer version, or read-only
   * @throws WorkError if it is damaged
   */
  static open(file: string, clock: Clock = Date.now): StudyStore {
    return new StudyStore(openDatabase(file), file, clock);
  }

  /**
   * Opens a store for looking only; it is never changed, and may be read-only.
   *
   * @throws UsageError if there is no such file, it is no store, or one of a newer version
   * @throws WorkError if it is damaged
   */
  static read(file: string): StudyStore {
    return new StudyStore(openDatabaseForReading(file), file);
  }

  /** All studies, oldest first. */
  studies(): StudySummary[] {
    return this.#rows().map((study) => this.#summary(study));
  }

  /** @throws UsageError if no study has that name */
  summary(name: string): StudySummary {
    return this.#summary(this.study(name));
  }

  /** The trials of a study by number. @throws UsageError if no study has that name */
  trials(name: string): TrialRecord[] {
    const { id } = this.study(name);
    const live = this.#isLive(id);
    return trialsOf(this.eventsOf(id), live);
  }

  /** @throws UsageError if no study has that name; it suggests one of a similar name */
  study(name: string): StoredStudy {
    const studies = this.#rows();
    const found = studies.find((study) => study.name === name);
    if (found) return found;
    if (studies.length === 0)
      throw new UsageError(`There is no study named "${name}": the store ${this.file} holds none.`);
    const names = studies.map((study) => study.name);
    throw new UsageError(
      `There is no study named "${name}"${didYouMean(name, names)} in ${this.file}; \`nas studies\` lists all.`,
    );
  }

  /** `wanted` if no study has that name, else the first free of `wanted-2`, `wanted-3`, … */
  freeName(wanted: string): string {
    const taken = new Set(this.#rows().map((study) => study.name));
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
    return name;
  }

  /**
   * Records a new study and takes it up.
   *
   * @throws UsageError if the name is taken, or one that a shell would not take as it stands
   */
  create(name: string, configuration: StudyConfiguration): StudyLog {
    if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u.test(name)) {
      throw new UsageError(
        `"${name}" cannot name a study: a name has 1 to 100 letters, digits, dots, dashes and underscores, and begins with a letter or digit.`,
      );
    }
    const checked = studyConfigurationSchema.parse(configuration);
    const id = explained(this.file, () =>
      transaction(this.#database, () => {
        if (this.#rows().some((study) => study.name === name)) throw this.#nameTaken(name);
        const { lastInsertRowid } = this.#database
          .prepare('INSERT INTO study (name, created, configuration) VALUES (?, ?, ?)')
          .run(name, this.#clock(), JSON.stringify(checked));
        return Number(lastInsertRowid);
      }),
    );
    return this.#take({ id, name, created: this.#clock(), configuration: checked });
  }

  /**
   * Takes up a study that was left.
   *
   * @throws UsageError if no study has that name, or another process works on it
   */
  resume(name: string): StudyLog {
    return this.#take(this.study(name));
  }

  /** The log of one study in the order of recording. */
  eventsOf(study: number): StudyEvent[] {
    return explained(this.file, () =>
      this.#database
        .prepare('SELECT id, at, kind, trial, body FROM event WHERE study = ? ORDER BY id')
        .all(study)
        .map((row) => this.#event(row)),
    );
  }

  /** Gives the file back. A `StudyLog` of this store must be closed before. */
  close(): void {
    this.#database.close();
  }

  #take(study: StoredStudy): StudyLog {
    const lock = explained(this.file, () => StudyLock.take(this.#lockFile(study.id)));
    if (!lock) throw this.#inUse(study);
    try {
      return new StudyLog(this.#database, this.file, study, lock, this.#clock, () => this.eventsOf(study.id));
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  #rows(): StoredStudy[] {
    return explained(this.file, () =>
      this.#database
        .prepare('SELECT id, name, created, configuration FROM study ORDER BY id')
        .all()
        .map((row) => {
          const { configuration, ...study } = studyRow.parse(row);
          return {
            ...study,
            configuration: this.#parse(configuration, `study "${study.name}"`, studyConfigurationSchema),
          };
        }),
    );
  }

  #event(row: unknown): StudyEvent {
    const { id, at, kind, trial, body } = eventRow.parse(row);
    const head = trial === null ? { kind } : { kind, trial };
    const text = this.#parse(body, `event ${id}`, z.record(z.string(), z.unknown()));
    const happening = happeningSchema.safeParse({ ...text, ...head });
    if (!happening.success) throw damaged(this.file, `event ${id}: ${problemOf(happening.error)}`);
    return { ...happening.data, at };
  }

  #parse<T>(text: string, what: string, schema: z.ZodType<T>): T {
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      throw damaged(this.file, `${what}: ${error instanceof z.ZodError ? problemOf(error) : messageOf(error)}`);
    }
  }

  #summary(study: StoredStudy): StudySummary {
    const live = this.#isLive(study.id);
    return summarize(study, this.eventsOf(study.id), live);
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

  #inUse({ id, name }: StoredStudy): UsageError {
    const holder = this.eventsOf(id).findLast((event) => event.kind === 'opened');
    const who =
      holder?.kind === 'opened'
        ? `process ${holder.process} on ${holder.host}, since ${new Date(holder.at).toISOString()}`
        : 'another process';
    return new UsageError(
      `The study "${name}" is being worked on (${who}). Wait for it or end it, then resume; \`nas show ${name}\` looks at it without disturbing it.`,
    );
  }
}

/** The first problem that was found, with its place. */
function problemOf({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it makes no sense' : `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}
