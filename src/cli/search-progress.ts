/** @file What is seen of a running search: a bar on a terminal, a line a trial elsewhere. */
import type { LoadProgress } from '../data/source.js';
import { type Measure, trainingMeasure } from '../evaluation/metric.js';
import { amountInWords, knownAmounts } from '../quantity/quantity.js';
import { measureOf } from '../record/configuration.js';
import type { StudyProgress } from '../record/progress.js';
import type { TrialRecord } from '../record/trial.js';
import type { SearchNews } from '../search/search.js';
import type { Point } from '../training/curve.js';
import { metricOf, scoreText } from './metric-text.js';
import { bytes, percent, time, whole } from './table.js';
import type { Colors, Terminal } from './terminal.js';

const barWidth = 24;

/** Follows one search. */
export class SearchProgress {
  readonly #terminal: Terminal;
  #measure: Measure = trainingMeasure;
  #progress: StudyProgress | undefined;
  #progressAt = 0;
  readonly #running = new Set<number>();
  readonly #noted = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #finalBegan = 0;
  /** What the last epoch of the final training told: epochs done, and all. */
  #finalEpochs: { readonly done: number; readonly all: number } | undefined;
  #secondsAtEpoch = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** To be given to `search` as `onNews`. */
  readonly hear = (news: SearchNews): void => {
    switch (news.kind) {
      case 'loading':
        showLoading(this.#terminal, news.progress, this.#noted);
        break;
      case 'prepared':
        this.#measure = measureOf(news.configuration);
        this.#introduce(news);
        break;
      case 'opened':
        this.#begin(news.progress);
        break;
      case 'started':
        this.#running.add(news.trial.number);
        this.#update(news.progress);
        break;
      case 'point':
        this.#draw();
        break;
      case 'finished':
        this.#running.delete(news.trial.number);
        this.#tellTrial(news.trial, news.progress);
        this.#update(news.progress);
        break;
      case 'preparation-started':
        this.#terminal.note(() => 'Preparing what all trials share …');
        break;
      case 'preparation-point': {
        const { point } = news;
        const text = scoreText(point.values, this.#measure);
        this.#terminal.status(() => `preparing, epoch ${point.epoch}${text === '' ? '' : `: ${text}`}`);
        break;
      }
      case 'search-ended':
        this.end();
        break;
      case 'final-started':
        this.#beginFinal(news.best.number);
        break;
      case 'final-point':
        this.#tellFinal(news);
        break;
      case 'final-completed':
        this.end();
        break;
    }
  };

  /** Stops drawing. */
  end(): void {
    clearInterval(this.#timer);
    this.#terminal.clearStatus();
  }

  #introduce({ study, store, dataset, configuration }: SearchNews & { readonly kind: 'prepared' }): void {
    const { constraints, trials, budgetSeconds, workers, threads, seed, space, strategy, evaluation } = configuration;
    const limits = knownAmounts(constraints).map(({ quantity, amount }) => amountInWords(quantity, amount));
    const budget = [
      trials === null ? [] : [`${trials} trials`],
      budgetSeconds === null ? [] : [time(budgetSeconds)],
    ].flat();
    const { train } = dataset;
    this.#terminal.note((colors) =>
      [
        `${colors.bold(`Study ${study}`)}: ${space.name} by ${strategy.name}, candidates scored by ${evaluation.name}`,
        `  data      ${dataset.name}, ${train.channels}×${train.height}×${train.width}, ${dataset.classes.length} classes`,
        `  split     ${dataset.split}`,
        `  limits    ${limits.length === 0 ? 'none' : `at most ${limits.join(', ')}`}`,
        `  budget    ${budget.join(' or ')}, ${workers} at a time with ${threads} thread${threads === 1 ? '' : 's'} each, seed ${seed}`,
        `  store     ${store}`,
        ...dataset.notices.map((notice) => `  ${colors.yellow('note')}      ${notice}`),
        '',
      ].join('\n'),
    );
  }

  #begin(progress: StudyProgress): void {
    if (progress.finished > 0) {
      this.#terminal.note(() => `Going on: ${progress.finished} trials are done.`);
    }
    this.#update(progress);
    this.#drawEverySecond(() => this.#draw());
  }

  /** The clock in the status line goes on between news. */
  #drawEverySecond(draw: () => void): void {
    if (!this.#terminal.drawsStatus) return;
    clearInterval(this.#timer);
    this.#timer = setInterval(draw, 1000);
    this.#timer.unref();
  }

  #update(progress: StudyProgress): void {
    this.#progress = progress;
    this.#progressAt = performance.now();
    this.#draw();
  }

  #draw(): void {
    const progress = this.#progress;
    if (progress === undefined) return;
    const passed = (performance.now() - this.#progressAt) / 1000;
    this.#terminal.status((colors) => statusLine(progress, passed, this.#running.size, this.#measure, colors));
  }

  #tellTrial(trial: TrialRecord, progress: StudyProgress): void {
    const total = progress.total === null ? '' : `/${progress.total}`;
    const place = `${progress.finished}${total}`.padStart(total.length * 2 - 1);
    this.#terminal.note(
      (colors) =>
        `${colors.dim(place)}  trial ${String(trial.number).padEnd(3)} ${outcome(trial, progress, this.#measure, colors)}`,
    );
  }

  #beginFinal(trial: number): void {
    this.end();
    this.#finalBegan = performance.now();
    this.#terminal.note(
      (colors) =>
        `\n${colors.bold('Final training')} of trial ${trial}, the best by ${metricOf(this.#measure.score, this.#measure).title}`,
    );
    this.#drawEverySecond(() => this.#drawFinal());
  }

  #drawFinal(): void {
    const seconds = this.#finalSeconds();
    const { done, all } = this.#finalEpochs ?? { done: 0, all: 0 };
    const left = done === 0 ? '' : `  ${time(Math.max(0, (this.#secondsAtEpoch / done) * all - seconds))} left`;
    this.#terminal.status((colors) =>
      done < all || all === 0 ? colors.dim(`training, ${time(seconds)}${left}`) : colors.dim('exporting'),
    );
  }

  #finalSeconds(): number {
    return (performance.now() - this.#finalBegan) / 1000;
  }

  #tellFinal({ point, epochs }: SearchNews & { readonly kind: 'final-point' }): void {
    this.#finalEpochs = { done: point.epoch, all: epochs };
    const seconds = this.#finalSeconds();
    this.#secondsAtEpoch = seconds;
    if (isNoted(point.epoch, epochs)) this.#terminal.note((colors) => epochLine(point, epochs, seconds, colors));
  }
}

/** A long training tells of some twenty epochs, the first and the last among them. */
export const isNoted = (epoch: number, epochs: number): boolean =>
  epoch === 1 || epoch === epochs || epoch % Math.ceil(epochs / 20) === 0;

/** One epoch of a training that has taken `seconds` so far. */
export function epochLine(point: Point, epochs: number, seconds: number, colors: Colors): string {
  const place = `epoch ${String(point.epoch).padStart(String(epochs).length)}/${epochs}`;
  const left = (seconds / point.epoch) * (epochs - point.epoch);
  const { trainLoss = Number.NaN, validAccuracy = Number.NaN } = point.values;
  const rest = point.epoch < epochs ? colors.dim(`  ${time(left)} left`) : '';
  return `${colors.dim(place)}  loss ${trainLoss.toFixed(4)}  validation accuracy ${percent(validAccuracy)}${rest}`;
}

function outcome(trial: TrialRecord, progress: StudyProgress, measure: Measure, colors: Colors): string {
  const { state, metrics, cost, seconds, reason } = trial;
  if (state !== 'completed') {
    const word = state === 'failed' ? colors.red(state) : colors.yellow(state);
    return reason === null ? word : `${word}: ${reason}`;
  }
  const parts = [
    scoreText(metrics, measure).padStart(8),
    ...knownAmounts(cost).map(
      ({ quantity, amount }) => `${quantity.format.short(amount).padStart(7)} ${quantity.noun}`,
    ),
    ...(seconds === null ? [] : [time(seconds)]),
  ].join('  ');
  return progress.best?.number === trial.number ? `${parts}  ${colors.green('best so far')}` : parts;
}

function statusLine(
  progress: StudyProgress,
  passed: number,
  running: number,
  measure: Measure,
  colors: Colors,
): string {
  const { finished, total, best, remainingSeconds, elapsedSeconds } = progress;
  const share = total === null ? null : finished / total;
  const parts = [
    ...(share === null ? [] : [bar(share, colors)]),
    total === null ? `${finished} trials` : `${finished}/${total} trials`,
    best === null ? `${running} running` : `best ${scoreText(best.metrics, measure)}`,
    remainingSeconds === null ? time(elapsedSeconds + passed) : `${time(Math.max(0, remainingSeconds - passed))} left`,
  ];
  return parts.join('  ');
}

function bar(share: number, colors: Colors): string {
  const full = Math.round(barWidth * share);
  return colors.green('━'.repeat(full)) + colors.dim('─'.repeat(barWidth - full));
}

const loadingWords = { download: 'Downloading', convert: 'Converting', decode: 'Decoding images' } as const;

/** How far loading a dataset is; where no line can be redrawn, once for each step. */
export function showLoading(terminal: Terminal, { step, done, total }: LoadProgress, noted: Set<string>): void {
  const word = loadingWords[step];
  const amount = (value: number) => (step === 'download' ? bytes(value) : whole(value));
  if (terminal.drawsStatus) {
    terminal.status(() => `${word}: ${amount(done)} of ${amount(total)}`);
    if (done >= total) terminal.clearStatus();
  } else if (!noted.has(step)) {
    noted.add(step);
    terminal.note(() => `${word}: ${amount(total)} …`);
  }
}
