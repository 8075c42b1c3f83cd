/** @file Learning curves of the final training: accuracy above, losses below. */
import * as Plot from '@observablehq/plot';
import type { trainingMeasure } from '../evaluation/metric.js';
import { percent, plain } from '../quantity/number-format.js';
import type { Point } from '../training/curve.js';
import type { FinalTraining } from './description.js';
import { epochAxis, MOST_DOTS } from './epoch-axis.js';
import { type Html, html } from './html.js';
import { colour, domainOf, percentTick, plotSvg } from './plot.js';

const metricIn = ({ values }: Point, metric: keyof typeof trainingMeasure.metrics): number =>
  values[metric] ?? Number.NaN;

/** Two plots take the place of one. */
const half = { height: 185, marginRight: 44, marginBottom: 36 };

/** Accuracy and losses by epoch; nothing where there is no curve. */
export function finalCurves({ curve }: FinalTraining): Html | null {
  const last = curve.at(-1);
  if (last === undefined) return null;
  const x = epochAxis(curve.map(({ epoch }) => epoch));
  const accuracy = plotSvg(
    `Final training: validation accuracy by epoch, ${percent(metricIn(last, 'validAccuracy'))} after epoch ${last.epoch}.`,
    {
      ...half,
      x: { ...x, label: null },
      y: {
        label: 'validation accuracy',
        tickFormat: percentTick,
        grid: true,
        ticks: 4,
        domain: domainOf(curve.map((point) => metricIn(point, 'validAccuracy'))),
      },
      marks: series(curve, (point) => metricIn(point, 'validAccuracy'), colour.accent),
    },
  );
  const losses = plotSvg(
    `Final training: loss by epoch; after epoch ${last.epoch} it is ${plain(metricIn(last, 'trainLoss'))} in training and ${plain(metricIn(last, 'validLoss'))} in validation.`,
    {
      ...half,
      x,
      y: {
        label: 'loss',
        grid: true,
        ticks: 4,
        domain: domainOf(curve.flatMap((point) => [metricIn(point, 'trainLoss'), metricIn(point, 'validLoss')])),
      },
      marks: [
        ...series(curve, (point) => metricIn(point, 'trainLoss'), colour.front, '5,3'),
        ...series(curve, (point) => metricIn(point, 'validLoss'), colour.accent),
      ],
    },
  );
  return html`<figure class="card"><figcaption><h3>Final training of the winner</h3>
<p>Above the accuracy on validation images. Below the loss: solid on validation images, dashed on training images, augmented.</p></figcaption>
${accuracy}${losses}</figure>`;
}

function series(
  curve: readonly Point[],
  value: (point: Point) => number,
  stroke: string,
  strokeDasharray?: string,
): Plot.Markish[] {
  const points = curve.filter((point) => Number.isFinite(value(point)));
  const place = { x: (point: Point) => point.epoch, y: value };
  return [
    Plot.line(points, { ...place, stroke, strokeWidth: 2, ...(strokeDasharray && { strokeDasharray }) }),
    Plot.dot(points.length <= MOST_DOTS ? points : [], {
      ...place,
      fill: stroke,
      r: 3,
      title: (point: Point) => `epoch ${point.epoch}: ${plain(value(point))}`,
    }),
  ];
}
