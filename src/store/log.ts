/** @file The log of one study in the hands of this process: the only way to record what happens in it. */
import { hostname } from 'node:os';
import { WorkError } from '../error.js';
import type { StudyConfiguration } from '../record/configuration.js';
import type { Happening, RecordedEvent } from '../record/event.js';
import type { EventTable } from './event-table.js';
import type { StudyLock } from './lock.js';

/** Milliseconds. */
export type Clock = () => number;

/** Milliseconds since some moment: goes only forward, also where the time of day is set anew. For durations. */
export const monotonic: Clock = () => performance.now();

/** A study as the store holds it. */
export interface StoredStudy {
  readonly id: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly configuration: StudyConfiguration;
}

/** What a log reads and writes with. */
export interface LogSources {
  readonly events: EventTable;
  readonly lock: StudyLock;
  /** Milliseconds since 1970. */
  readonly now: Clock;
  /** As `monotonic`. */
  readonly stopwatch: Clock;
}

/** `StudyStore.create` and `StudyStore.resume` hand one out; while it is open, no other process gets one for the study. */
export class StudyLog {
  readonly study: StoredStudy;
  readonly #sources: LogSources;
  readonly #opened: number;
  /** The id of our `opened` event: whoever opened last may write. */
  readonly #session: number;

  constructor(study: StoredStudy, sources: LogSources) {
    this.study = study;
    this.#sources = sources;
    this.#opened = sources.stopwatch();
    this.#session = this.#write({ kind: 'opened', process: process.pid, host: hostname() }, null).id;
  }

  /** Everything recorded about the study, in order. */
  events(): RecordedEvent[] {
    return this.since(0);
  }

  /** What was recorded after the event with this id, in order. */
  since(id: number): RecordedEvent[] {
    return this.#sources.events.since(this.study, id);
  }

  /**
   * Records one event; when this returns, it is on the disk. Returns it as it will be read.
   *
   * @throws {WorkError} where the event makes no sense, the disk is full or failing, or another process has taken the study over
   */
  append(happening: Happening): RecordedEvent {
    return this.#write(happening, this.#session);
  }

  /** Lets go of the study, so that another process can take it up; may be called again. */
  close(): void {
    this.#sources.lock.release();
  }

  #write(happening: Happening, session: number | null): RecordedEvent {
    const { events, now, stopwatch } = this.#sources;
    const elapsed = (stopwatch() - this.#opened) / 1000;
    const written = events.append(this.study, { ...happening, at: now(), elapsed }, session);
    // The lock forbids that, but a lock file may be deleted by hand.
    if (written !== undefined) return written;
    throw new WorkError(
      `Another process has taken over the study "${this.study.name}". This one stops; what it recorded is kept.`,
    );
  }
}
