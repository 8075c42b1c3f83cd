/** @file The rows of events: one schema checks them when they are written and when they are read. */
import { z } from 'zod';
import { messageOf, WorkError } from '../error.js';
import { type Happening, happeningSchema, type RecordedEvent, type StudyEvent } from '../record/event.js';
import { bodyOfVersion1 } from '../record/version-1.js';
import { explained, type StoreDatabase } from './database.js';
import { FORMAT_VERSION, newerFormat, problemOf, StudyDamage } from './study-damage.js';

// The driver may add a property `_metadata` to a row: objects here are not strict.
const eventRow = z.object({
  id: z.number(),
  at: z.number(),
  kind: z.string(),
  trial: z.number().nullable(),
  body: z.string(),
  // Stores of version 1 that were never opened for writing since have no such columns.
  version: z.number().default(1),
  elapsed: z.number().nullable().default(null),
});

type Recorded = Pick<z.infer<typeof eventRow>, 'kind' | 'trial' | 'body' | 'version'>;

/** Which study an event belongs to. */
interface Subject {
  readonly id: number;
  readonly name: string;
}

/** The table of events in the store. */
export class EventTable {
  readonly #database: StoreDatabase;
  readonly #file: string;

  constructor(database: StoreDatabase, file: string) {
    this.#database = database;
    this.#file = file;
  }

  /**
   * The events of a study with larger ids than `after`, in order, at most so many.
   *
   * @throws {StudyDamage} where one makes no sense
   */
  since(study: Subject, after: number, most = -1): RecordedEvent[] {
    return this.#rows('study = ? AND id > ? ORDER BY id LIMIT ?', study.id, after, most).map((row) =>
      this.#event(study, row),
    );
  }

  /** The last event of this kind. @throws {StudyDamage} where it makes no sense */
  last(study: Subject, kind: Happening['kind']): RecordedEvent | undefined {
    return this.#rows('study = ? AND kind = ? ORDER BY id DESC LIMIT 1', study.id, kind)
      .map((row) => this.#event(study, row))
      .at(0);
  }

  /** Whatever in the rows of a study may be the digest of an artefact, also where they make no sense. */
  digests(study: Subject): string[] {
    return this.#rows('study = ?', study.id).flatMap((row) => eventRow.parse(row).body.match(/[0-9a-f]{64}/g) ?? []);
  }

  /**
   * Writes one event; when this returns, it is on the disk. Returns it as it will be read.
   *
   * @param session the id of the `opened` event under which it is written; `null` for such an event itself
   * @returns `undefined`, and writes nothing, where the study was opened again since
   * @throws {WorkError} where the event makes no sense, the disk is full or failing
   */
  append(study: Subject, event: StudyEvent, session: number | null): RecordedEvent | undefined {
    const { kind, at, elapsed, trial, ...rest } = { trial: null, elapsed: 0, ...event };
    const body = JSON.stringify(rest);
    const happening = happeningOf({ kind, trial, body, version: FORMAT_VERSION });
    if ('problem' in happening) {
      const subject = trial === null ? `"${kind}"` : `"${kind}" of trial ${trial}`;
      throw new WorkError(
        `The study "${study.name}" stops: ${subject} cannot be recorded (${happening.problem}). A strategy, an evaluation or a module of your own gave a value that is not allowed; everything recorded before is kept.`,
      );
    }
    const { changes, lastInsertRowid } = explained(this.#file, () =>
      this.#database
        .prepare<unknown[]>(
          `INSERT INTO event (study, at, elapsed, kind, trial, body, version)
           SELECT ?, ?, ?, ?, ?, ?, ?
           WHERE ? IS NULL OR ? = (SELECT max(id) FROM event WHERE study = ? AND kind = 'opened')`,
        )
        .run(study.id, at, elapsed, kind, trial, body, FORMAT_VERSION, session, session, study.id),
    );
    return changes === 0 ? undefined : { ...happening, at, elapsed, id: Number(lastInsertRowid) };
  }

  /** Prepared anew each time: another process may have added columns since. */
  #rows(condition: string, ...parameters: readonly (string | number)[]): unknown[] {
    return explained(this.#file, () =>
      this.#database.prepare<unknown[]>(`SELECT * FROM event WHERE ${condition}`).all(...parameters),
    );
  }

  #event(study: Subject, row: unknown): RecordedEvent {
    const { id, at, elapsed, ...recorded } = eventRow.parse(row);
    if (recorded.version > FORMAT_VERSION) {
      throw new StudyDamage(study.name, this.#file, newerFormat(recorded.version));
    }
    const happening = happeningOf(recorded);
    if ('problem' in happening) throw new StudyDamage(study.name, this.#file, `event ${id}: ${happening.problem}`);
    return { ...happening, id, at, ...(elapsed !== null && { elapsed }) };
  }
}

/** What a row tells, or why it tells nothing. */
function happeningOf({ kind, trial, body, version }: Recorded): Happening | { readonly problem: string } {
  try {
    const value: unknown = JSON.parse(body);
    const present = version === 1 ? bodyOfVersion1(kind, value) : z.record(z.string(), z.unknown()).parse(value);
    return happeningSchema.parse({ ...present, kind, ...(trial !== null && { trial }) });
  } catch (error) {
    return { problem: error instanceof z.ZodError ? problemOf(error) : messageOf(error) };
  }
}
