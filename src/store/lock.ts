/** @file One process at a time runs a study: a lock that the operating system lifts when its holder dies. */
import { existsSync, rmSync } from 'node:fs';
import Database from 'libsql';

/** How long to wait for somebody who only looks whether the lock is held. */
const PATIENCE_MILLISECONDS = 500;

/**
 * An exclusive lock on an empty SQLite file. SQLite holds it as an operating-system lock (`fcntl`, `LockFileEx`), which ends
 * with its process: after `kill -9` nothing is left to take over or to clean up, and unlike a recorded process
 * number it cannot name a stranger, also across containers that share the folder.
 */
export class StudyLock {
  readonly #database: Database.Database;
  readonly #file: string;

  private constructor(database: Database.Database, file: string) {
    this.#database = database;
    this.#file = file;
  }

  /** Takes the lock, or returns `undefined` where another process (or another part of this one) holds it. */
  static take(file: string): StudyLock | undefined {
    const database = new Database(file);
    database.pragma(`busy_timeout = ${PATIENCE_MILLISECONDS}`);
    // Without a journal in memory an empty file would lie beside the lock.
    if (attempt(database, 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')) return new StudyLock(database, file);
    database.close();
    return undefined;
  }

  /** Whether somebody holds the lock at this moment. */
  static isHeld(file: string): boolean {
    if (!existsSync(file)) return false;
    const database = new Database(file);
    const free = attempt(database, 'BEGIN; SELECT count(*) FROM sqlite_schema; ROLLBACK');
    database.close();
    return !free;
  }

  /** Gives the lock back, if it is held. */
  release(): void {
    if (!this.#database.open) return;
    try {
      rmSync(this.#file, { force: true });
    } catch {
      // Windows keeps open files; an empty file that is left behind does no harm.
    }
    // The driver closes a file only at garbage collection: the end of the transaction is what frees the lock.
    this.#database.exec('ROLLBACK');
    this.#database.close();
  }
}

/** Whether the statement went through; `false` where the file was locked. */
function attempt(database: Database.Database, sql: string): boolean {
  try {
    database.exec(sql);
    return true;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false;
    throw error;
  }
}
