/** @file The SQLite file of a store: opened, checked, and its errors put into words. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { z } from 'zod';
import { messageOf, UsageError, WorkError } from '../error.js';

/** Marks a file as ours in `PRAGMA application_id`: the letters "nast". */
const APPLICATION_ID = 0x6e617374;

/** How long a statement waits for another process that writes. */
const BUSY_MILLISECONDS = 30_000;

/** What makes the tables: the first text those of version 1, each further one the next version of the one before. */
const LAYOUTS = [
  `
  CREATE TABLE study (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    configuration TEXT NOT NULL
  ) STRICT;
  CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    study INTEGER NOT NULL REFERENCES study (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    trial INTEGER,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX event_of_study ON event (study, kind);
  CREATE TRIGGER study_is_kept BEFORE UPDATE ON study BEGIN SELECT RAISE(ABORT, 'a study is never changed'); END;
  CREATE TRIGGER study_stays BEFORE DELETE ON study BEGIN SELECT RAISE(ABORT, 'a study is never deleted'); END;
  CREATE TRIGGER event_is_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
  CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
  PRAGMA application_id = ${APPLICATION_ID};
  `,
  // Rows say which version of nasturtium's format they hold: those that are there, and those that a program of version 1
  // still writes where it had the store open, are of version 1.
  `
  ALTER TABLE study ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE event ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE event ADD COLUMN elapsed REAL;
  CREATE INDEX event_in_order ON event (study);
  `,
];

/** The version of the tables, kept in `PRAGMA user_version`. */
const STORE_VERSION = LAYOUTS.length;

export type StoreDatabase = Database.Database;

/**
 * Opens a store for writing, and makes it where there is none.
 *
 * Write-ahead logging lets other processes read while one writes. A commit that reached the log survives `kill -9`
 * whatever `synchronous` says, since the operating system has it; `synchronous = FULL` flushes the log at every
 * commit, so that it survives a power cut too. A trial takes seconds and a flush milliseconds: the safe choice is cheap.
 *
 * @throws {UsageError} where the file is no store, one of a newer version, or cannot be written
 * @throws {WorkError} where it is damaged
 */
export function openDatabase(file: string): StoreDatabase {
  return explained(file, () => {
    refuseFolder(file);
    refuseReadOnly(file);
    const database = new Database(file);
    database.pragma(`busy_timeout = ${BUSY_MILLISECONDS}`);
    versionOf(database, file);
    patiently(() => database.pragma('journal_mode = WAL'));
    database.pragma('synchronous = FULL');
    transaction(database, () => {
      const missing = LAYOUTS.slice(versionOf(database, file));
      if (missing.length > 0) database.exec(`${missing.join('')} PRAGMA user_version = ${STORE_VERSION};`);
    });
    refuseDamaged(database, file);
    return database;
  });
}

/**
 * Opens a store for reading only, also where the user may not write.
 *
 * @throws {UsageError} where there is no such file, it is no store, or one of a newer version
 * @throws {WorkError} where it is damaged
 */
export function openDatabaseForReading(file: string): StoreDatabase {
  return explained(file, () => {
    if (!existsSync(file)) {
      throw new UsageError(
        `There is no store at ${file}. Check the path given to --store, or start a study with \`nas search\`.`,
      );
    }
    refuseFolder(file);
    refuseUnreadable(file);
    const database = new Database(readableName(file));
    database.pragma(`busy_timeout = ${BUSY_MILLISECONDS}`);
    database.pragma('query_only = ON');
    if (versionOf(database, file) === 0) throw new UsageError(`${file} is empty: it holds no studies.`);
    refuseDamaged(database, file);
    return database;
  });
}

/**
 * Runs `body` again for as long as a statement waits for others. SQLite itself does not wait where the journal's mode
 * changes, which is when processes open a new store at the same moment.
 */
function patiently<T>(body: () => T): T {
  const deadline = performance.now() + BUSY_MILLISECONDS;
  for (;;) {
    try {
      return body();
    } catch (error) {
      if (!codeOf(error).startsWith('SQLITE_BUSY') || performance.now() > deadline) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
}

/** Runs `body` as one transaction that holds the write lock from its start; undone as a whole where it throws. */
export function transaction<T>(database: StoreDatabase, body: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = body();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Runs a `body` that only reads, on one state of the store: another process may make its tables at this moment. */
function snapshot<T>(database: StoreDatabase, body: () => T): T {
  if (database.inTransaction) return body();
  database.exec('BEGIN');
  try {
    return body();
  } finally {
    database.exec('ROLLBACK');
  }
}

/** Runs `body`; an error of SQLite leaves as one sentence that names the file and says what to do. */
export function explained<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof UsageError || error instanceof WorkError) throw error;
    throw explanation(file, error) ?? error;
  }
}

function explanation(file: string, error: unknown): UsageError | WorkError | undefined {
  const code = codeOf(error);
  const is = (...prefixes: string[]) => prefixes.some((prefix) => code.startsWith(prefix));
  if (is('SQLITE_NOTADB')) {
    return new UsageError(
      `${file} is not a store of studies: it is no SQLite file, or its start was overwritten. Name another file with --store.`,
    );
  }
  if (is('SQLITE_CORRUPT')) return damaged(file, messageOf(error));
  // Our statements are right for our tables: those of the file are not.
  if (is('SQLITE_ERROR') && /^no such (table|column)/.test(messageOf(error))) return damaged(file, messageOf(error));
  if (is('SQLITE_FULL')) {
    return new WorkError(
      `The disk that holds the store ${file} is full. Everything recorded before is kept: free some space and resume the study.`,
    );
  }
  if (is('SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_AUTH', 'SQLITE_CANTOPEN')) return unwritable(file);
  if (is('SQLITE_BUSY', 'SQLITE_LOCKED')) {
    return new WorkError(
      `Another process has kept the store ${file} locked for ${BUSY_MILLISECONDS / 1000} seconds. End that process, or name another file with --store.`,
    );
  }
  if (is('SQLITE_IOERR')) {
    return new WorkError(
      `The store ${file} could not be read or written (${code}): the disk is full, failing or gone. Everything recorded before is kept: check the disk and resume the study.`,
    );
  }
  return undefined;
}

/** The name that SQLite gives the error, such as `SQLITE_FULL`, or '' for an error from elsewhere. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // The driver reports a failure to open as text that ends in the number of SQLITE_CANTOPEN.
  if (/ConnectionFailed\(.*: 14"\)/s.test(error.message)) return 'SQLITE_CANTOPEN';
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The version of our tables, 0 where there are none; throws where there are others, or those of a newer version. */
function versionOf(database: StoreDatabase, file: string): number {
  const { application, version, tables } = snapshot(database, () => ({
    application: pragmaNumber(database, 'application_id'),
    version: pragmaNumber(database, 'user_version'),
    tables: database.prepare('SELECT name FROM sqlite_schema').all(),
  }));
  if (application !== APPLICATION_ID) {
    if (tables.length === 0 && application === 0 && version === 0) return 0;
    throw new UsageError(
      `${file} is an SQLite file of another program, not a store of studies. Name another file with --store.`,
    );
  }
  if (version > STORE_VERSION) {
    throw new UsageError(
      `The store ${file} has version ${version}, made by a newer nasturtium; this one reads versions up to ${STORE_VERSION}. Update it with \`npm install nasturtium@latest\`, or name another file with --store.`,
    );
  }
  return version;
}

function pragmaNumber(database: StoreDatabase, name: 'application_id' | 'user_version'): number {
  const [row] = z.array(z.record(z.string(), z.number())).parse(database.pragma(name));
  return row?.[name] ?? 0;
}

function refuseDamaged(database: StoreDatabase, file: string): void {
  const [row] = z.array(z.object({ quick_check: z.string() })).parse(database.pragma('quick_check(1)'));
  if (row?.quick_check !== 'ok') throw damaged(file, row?.quick_check ?? 'no answer to quick_check');
}

/** The error for a store whose contents make no sense. `detail` says what was found. */
const damaged = (file: string, detail: string): WorkError =>
  new WorkError(
    `The store ${file} is damaged (${detail.replace('*** in database main ***', '').replace(/\s+/g, ' ').trim()}). Restore it from a backup, save what can be read with \`sqlite3 ${file} .recover\`, or name another file with --store.`,
  );

const unwritable = (file: string): UsageError =>
  new UsageError(
    `The store ${file} cannot be written: the file or its folder is missing or read-only. Change the permissions, or name a file in a folder of your own with --store.`,
  );

function refuseFolder(file: string): void {
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new UsageError(`${file} is a folder, not a store. Name a file in it, such as ${file}/studies.db.`);
  }
}

function refuseUnreadable(file: string): void {
  if (isAllowed(file, constants.R_OK)) return;
  throw new UsageError(
    `You may not read the store ${file}. Change its permissions, or name another file with --store.`,
  );
}

/** SQLite writes files beside the store (the write-ahead log), so that the folder must be writable as well. */
function refuseReadOnly(file: string): void {
  if (!isAllowed(dirname(resolve(file)), constants.W_OK) || (existsSync(file) && !isAllowed(file, constants.W_OK)))
    throw unwritable(file);
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** In a read-only folder, a store without a write-ahead log can be read only under the promise that nobody changes it. */
function readableName(file: string): string {
  const immutable = !existsSync(`${file}-wal`) && !isAllowed(dirname(resolve(file)), constants.W_OK);
  return immutable ? `${pathToFileURL(resolve(file)).href}?immutable=1` : file;
}
