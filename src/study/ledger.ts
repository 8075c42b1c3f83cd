/** @file The log of a running study with what it says so far: the events that were written, and the trials they tell. */

import { scoreIn } from '../evaluation/metric.js';
import { measureOf, type StudyConfiguration } from '../record/configuration.js';
import type { Happening, StudyEvent } from '../record/event.js';
import { progressOf, type StudyProgress } from '../record/progress.js';
import { advance, emptyStudy, type StudyState, workedSeconds } from '../record/summary.js';
import { interrupted, step, type TrialRecord, type Trials } from '../record/trial.js';
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
  #state: StudyState;
  /** A trial is a value: its curve is made once, and again only when the trial has changed. */
  readonly #curves = new WeakMap<TrialRecord, LearningCurve>();

  /** @param clock only goes forward */
  constructor(log: StudyLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.configuration = log.study.configuration;
    // The last event is the opening of this session.
    this.past = log.events().slice(0, -1);
    const state = advance(emptyStudy, this.past);
    this.#state = { ...state, trials: interrupted(state.trials) };
    this.#pastSeconds = workedSeconds(state);
    this.#opened = clock();
  }

  /**
   * Writes down what happened; when this returns, it is on the disk.
   *
   * @throws {WorkError} where it cannot be written
   * @throws {RangeError} where it cannot follow what was written before: nothing is written then
   */
  append(happening: Happening): void {
    // Tried first, as what is written stays.
    step(this.#state.trials, happening);
    this.#state = advance(this.#state, [this.#log.append(happening)]);
  }

  /** What the log tells by now. */
  get state(): StudyState {
    return this.#state;
  }

  /** Every trial, by number. */
  trials(): Trials {
    return this.#state.trials;
  }

  /**
   * The learning curve of a trial, as far as it is known.
   *
   * @throws {RangeError} where it was never asked
   */
  curve(number: number): LearningCurve {
    return this.#curveOf(this.trial(number));
  }

  /** The learning curves of all trials, by number. */
  curves(): LearningCurve[] {
    return this.trials().map((trial) => this.#curveOf(trial));
  }

  /** @throws {RangeError} where it was never asked */
  trial(number: number): TrialRecord {
    const trial = this.trials()[number];
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

  #curveOf(trial: TrialRecord): LearningCurve {
    const known = this.#curves.get(trial);
    if (known !== undefined) return known;
    const { number, fidelity, state, score, curve, cost, layers } = trial;
    const measure = measureOf(this.configuration);
    const points = curve.map(({ epoch, values }) => ({ epoch, value: scoreIn(values, measure), values }));
    const facts = Object.entries({ ...cost, layers }).filter((fact): fact is [string, number] => fact[1] !== null);
    const isComplete = state === 'completed';
    const made = { trial: number, fidelity, isComplete, score, facts: Object.fromEntries(facts), points };
    this.#curves.set(trial, made);
    return made;
  }
}
