/** @file The log of one study in the hands of this process: the only way to record what happens in it. */
import { hostname } from 'node:os';
import { WorkError } from '../error.js';
import type { StudyConfiguration } from '../record/configuration.js';
import type { Happening, StudyEvent } from '../record/event.js';
import { explained, type StoreDatabase } from './database.js';
import type { StudyLock } from './lock.js';

/** Milliseconds since 1970, as `Date.now` gives them. */
export type Clock = () => number;

export interface StoredStudy {
  readonly id: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly configuration: StudyConfiguration;
}

/** `StudyStore.create` and `StudyStore.resume` hand one out; while it is open, no other process gets one for the study. */
export class StudyLog {
  readonly study: StoredStudy;
  readonly #file: string;
  readonly #lock: StudyLock;
  readonly #clock: Clock;
  readonly #read: () => StudyEvent[];
  /** The number of our `opened` event: whoever opened last may write. */
  readonly #session: number;
  readonly #insert: ReturnType<typeof prepareInsert>;

  constructor(
    database: StoreDatabase,
    file: string,
    study: StoredStudy,
    lock: StudyLock,
    clock: Clock,
    read: () => StudyEvent[],
  ) {
    this.study = study;
    this.#file = file;
    this.#lock = lock;
    this.#clock = clock;
    this.#read = read;
    this.#insert = prepareInsert(database);
    this.#session = explained(file, () => {
      const { lastInsertRowid } = database
        .prepare('INSERT INTO event (study, at, kind, trial, body) VALUES (?, ?, ?, NULL, ?)')
        .run(study.id, clock(), 'opened', JSON.stringify({ process: process.pid, host: hostname() }));
      return Number(lastInsertRowid);
    });
  }

  /** Everything recorded about the study, in order. */
  events(): StudyEvent[] {
    return this.#read();
  }

  /**
   * Records one event; when this returns, it is on the disk. Returns it with its time.
   *
   * @throws WorkError if the disk is full or failing, or another process has taken the study over
   */
  append(happening: Happening): StudyEvent {
    const at = this.#clock();
    const { kind, trial, ...body } = { trial: null, ...happening };
    const { changes } = explained(this.#file, () =>
      this.#insert.run(this.study.id, at, kind, trial, JSON.stringify(body), this.#session, this.study.id),
    );
    if (changes === 0) {
      throw new WorkError(
        `Another process has taken over the study "${this.study.name}". This one stops; what it recorded is kept.`,
      );
    }
    return { ...happening, at };
  }

  /** Lets go of the study, so that another process can take it up. */
  close(): void {
    this.#lock.release();
  }
}

/** Adds an event unless the study was opened again since: the lock forbids that, but a lock file may be deleted by hand. */
const prepareInsert = (database: StoreDatabase) =>
  database.prepare<unknown[]>(
    `INSERT INTO event (study, at, kind, trial, body)
     SELECT ?, ?, ?, ?, ?
     WHERE ? IS (SELECT max(id) FROM event WHERE study = ? AND kind = 'opened')`,
  );
