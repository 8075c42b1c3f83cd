/** @file Learning curves: of all trials together, and of the final training. */
import * as Plot from '@observablehq/plot';
import type { CurvePoint } from '../evaluation/evaluation.js';
import type { FinalTraining, ReportTrial } from './description.js';
import { type Html, html } from './html.js';
import { colour, domainOf, percentTick, plotSvg } from './plot.js';
import { percent, plain, plural } from './quantities.js';

/** Where curves have more points than that, dots on them would hide the lines. */
const MOST_DOTS = 15;

interface Sample {
  readonly trial: number;
  readonly epoch: number;
  readonly accuracy: number;
}

/** Validation accuracy by epoch of every trial that trained; nothing where none did. */
export function trialCurves(trials: readonly ReportTrial[], winner: number | null): Html | null {
  const samplesOf = (chosen: readonly ReportTrial[]): Sample[] =>
    chosen.flatMap((trial) =>
      trial.curve
        .filter((point) => Number.isFinite(point.validAccuracy))
        .map((point) => ({ trial: trial.number, epoch: point.epoch, accuracy: point.validAccuracy })),
    );
  const best = samplesOf(trials.filter((trial) => trial.number === winner));
  const others = trials.filter((trial) => trial.number !== winner);
  const completed = samplesOf(others.filter((trial) => trial.state === 'completed'));
  const unfinished = samplesOf(others.filter((trial) => trial.state !== 'completed'));
  const all = [...best, ...completed, ...unfinished];
  if (all.length === 0) return null;
  const epochs = new Set(all.map(({ epoch }) => epoch)).size;
  const trained = new Set(all.map(({ trial }) => trial)).size;
  const place = { x: 'epoch', y: 'accuracy' };
  const title = (sample: Sample) => `trial ${sample.trial}`;
  const lines = (samples: readonly Sample[], options: Plot.LineOptions) => [
    Plot.line(samples, {
      ...place,
      z: 'trial',
      title,
      stroke: colour.muted,
      strokeOpacity: 0.55,
      strokeWidth: 1.2,
      ...options,
    }),
  ];
  const last = best.at(-1);
  const svg = plotSvg(
    `Learning curves of ${plural(trained, 'trial')}: validation accuracy by epoch.${
      last ? ` The winner, trial ${last.trial}, reaches ${percent(last.accuracy)}.` : ''
    }`,
    {
      marginRight: 44,
      x: epochAxis(all.map(({ epoch }) => epoch)),
      y: {
        label: 'validation accuracy',
        tickFormat: percentTick,
        grid: true,
        ticks: 6,
        domain: domainOf(all.map(({ accuracy }) => accuracy)),
      },
      marks: [
        ...lines(completed, {}),
        ...lines(unfinished, { strokeDasharray: '3,3' }),
        ...lines(best, { stroke: colour.accent, strokeWidth: 3, strokeOpacity: 1 }),
        ...(epochs <= MOST_DOTS
          ? [
              Plot.dot([...completed, ...unfinished], {
                ...place,
                title,
                r: 1.8,
                fill: colour.muted,
                fillOpacity: 0.7,
              }),
              Plot.dot(best, { ...place, title, r: 4, fill: colour.accent }),
            ]
          : []),
        Plot.text(last ? [last] : [], {
          ...place,
          text: (sample: Sample) => `#${sample.trial}`,
          dx: 8,
          textAnchor: 'start',
          fill: colour.accent,
          fontWeight: 'bold',
        }),
      ],
    },
  );
  return html`<figure class="card"><figcaption><h3>Learning curves of the trials</h3>
<p>Validation accuracy after each epoch${last && '. The thick line is the winner'}${unfinished.length > 0 && '; dashed lines ended early'}.</p></figcaption>
${svg}</figure>`;
}

/** Accuracy and losses of the final training by epoch; nothing where there is no curve. */
export function finalCurves({ curve }: FinalTraining): Html | null {
  const last = curve.at(-1);
  if (last === undefined) return null;
  const accuracy = plotSvg(
    `Final training: validation accuracy by epoch, ${percent(last.validAccuracy)} after epoch ${last.epoch}.`,
    {
      ...half,
      x: epochAxis(
        curve.map(({ epoch }) => epoch),
        true,
      ),
      y: {
        label: 'validation accuracy',
        tickFormat: percentTick,
        grid: true,
        ticks: 4,
        domain: domainOf(curve.map((point) => point.validAccuracy)),
      },
      marks: series(curve, 'valid', (point) => point.validAccuracy, colour.accent, undefined),
    },
  );
  const losses = plotSvg(
    `Final training: loss by epoch; after epoch ${last.epoch} ${plain(last.trainLoss)} in training, ${plain(last.validLoss)} in validation.`,
    {
      ...half,
      x: epochAxis(curve.map(({ epoch }) => epoch)),
      y: {
        label: 'loss',
        grid: true,
        ticks: 4,
        domain: domainOf(curve.flatMap((point) => [point.trainLoss, point.validLoss])),
      },
      marks: [
        ...series(curve, 'train', (point) => point.trainLoss, colour.front, '5,3'),
        ...series(curve, 'valid', (point) => point.validLoss, colour.accent, undefined),
      ],
    },
  );
  return html`<figure class="card"><figcaption><h3>Final training of the winner</h3>
<p>Above the accuracy on validation images, below the loss: solid on validation images, dashed on training images with augmentation.</p></figcaption>
${accuracy}${losses}</figure>`;
}

/** Two plots in the place of one. */
const half = { height: 172, marginRight: 44, marginBottom: 36 };

function series(
  curve: readonly CurvePoint[],
  name: string,
  value: (point: CurvePoint) => number,
  stroke: string,
  dashes: string | undefined,
): Plot.Markish[] {
  const points = curve.filter((point) => Number.isFinite(value(point)));
  const place = { x: (point: CurvePoint) => point.epoch, y: value };
  return [
    Plot.line(points, {
      ...place,
      stroke,
      strokeWidth: 2,
      ...(dashes === undefined ? {} : { strokeDasharray: dashes }),
    }),
    Plot.dot(points.length <= MOST_DOTS ? points : [], {
      ...place,
      fill: stroke,
      r: 3,
      title: (point: CurvePoint) => `epoch ${point.epoch}: ${plain(value(point))}`,
    }),
    Plot.text(points.slice(-1), { ...place, text: () => name, dx: 8, textAnchor: 'start', fill: stroke }),
  ];
}

/** Whole epochs only. */
function epochAxis(epochs: readonly number[], hidden = false): Plot.ScaleOptions {
  const last = epochs.reduce((a, b) => Math.max(a, b), 1);
  const first = epochs.reduce((a, b) => Math.min(a, b), last);
  const step = Math.max(1, Math.ceil((last - first) / 8));
  const ticks = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
  const room = last === first ? 0.5 : 0.03 * (last - first);
  return {
    label: hidden ? null : 'epoch',
    ticks,
    tickFormat: (epoch: number) => String(epoch),
    domain: [first - room, last + room],
  };
}
