/** @file The log of a running study with what it says so far: the events that were written, and the trials they tell. */

import type { StudyConfiguration } from '../record/configuration.js';
import type { Happening, StudyEvent } from '../record/event.js';
import { progressOf, type StudyProgress } from '../record/progress.js';
import { workedSeconds } from '../record/summary.js';
import { type TrialRecord, trialsOf } from '../record/trial.js';
import type { Clock, StudyLog } from '../store/log.js';
import type { LearningCurve } from '../strategy/stopping/stopping.js';

/** Reads the log once, then follows what is written. */
export class Ledger {
  readonly configuration: StudyConfiguration;
  /** What the log held when this session opened it. */
  readonly past: readonly StudyEvent[];
  readonly #log: StudyLog;
  readonly #clock: Clock;
  readonly #opened: number;
  readonly #pastSeconds: number;
  readonly #eventsOfTrial = new Map<number, StudyEvent[]>();
  readonly #trials = new Map<number, TrialRecord>();

  constructor(log: StudyLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.configuration = log.study.configuration;
    // The last event is the opening of this session.
    this.past = log.events().slice(0, -1);
    this.#pastSeconds = workedSeconds(this.past);
    this.#opened = clock();
    for (const event of this.past) if ('trial' in event) this.#eventsFor(event.trial).push(event);
    for (const trial of trialsOf(this.past, false)) this.#trials.set(trial.number, trial);
  }

  /** Writes down what happened; when this returns, it is on the disk. @throws WorkError if it cannot be written */
  append(happening: Happening): void {
    const event = this.#log.append(happening);
    if (!('trial' in event)) return;
    const events = this.#eventsFor(event.trial);
    events.push(event);
    // A point only lengthens the curve, which nobody reads before the trial is over.
    if (event.kind === 'point') return;
    for (const trial of trialsOf(events, true)) this.#trials.set(trial.number, trial);
  }

  /** Every trial, by number. */
  trials(): TrialRecord[] {
    return [...this.#trials.values()].sort((a, b) => a.number - b.number);
  }

  /** The learning curve of a trial, as far as it is known. */
  curve(number: number): LearningCurve {
    const events = this.#eventsFor(number);
    const [trial] = trialsOf(events, true);
    if (!trial) throw new RangeError(`there is no trial ${number}`);
    return {
      trial: number,
      budget: trial.budget,
      isComplete: trial.state === 'completed',
      points: trial.curve.map(({ epoch, validAccuracy }) => ({ epoch, value: validAccuracy })),
    };
  }

  /** The learning curves of all trials, by number. */
  curves(): LearningCurve[] {
    return this.trials().map(({ number }) => this.curve(number));
  }

  /** @throws RangeError if it was never asked */
  trial(number: number): TrialRecord {
    const trial = this.#trials.get(number);
    if (!trial) throw new RangeError(`there is no trial ${number}`);
    return trial;
  }

  progress(): StudyProgress {
    return progressOf(this.configuration, this.trials(), this.elapsedSeconds());
  }

  /** Seconds that processes worked on the study, over all its sessions. */
  elapsedSeconds(): number {
    return this.#pastSeconds + (this.#clock() - this.#opened) / 1000;
  }

  #eventsFor(trial: number): StudyEvent[] {
    const events = this.#eventsOfTrial.get(trial) ?? [];
    this.#eventsOfTrial.set(trial, events);
    return events;
  }
}
