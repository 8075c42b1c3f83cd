/** @file Scatter of accuracy against cost, with the Pareto front, the winner and the limit. */
import * as Plot from '@observablehq/plot';
import { paretoFront } from '../pareto/front.js';
import { amountInWords, knownAmounts, type Quantity, quantities } from '../quantity/quantity.js';
import type { ReportedAmounts, ReportTrial } from './description.js';
import { type Html, html } from './html.js';
import { colour, domainOf, plotSvg } from './plot.js';
import type { Yardstick } from './yardstick.js';

export interface CostScatterInput {
  readonly trials: readonly ReportTrial[];
  readonly winner: number | null;
  readonly limits: ReportedAmounts;
  readonly measure: Yardstick;
}

/** One plot for each cost that was measured, of which the reader chooses one; nothing where no trial is completed. */
export function costScatter(input: CostScatterInput): Html | null {
  const views = quantities.flatMap((axis) => {
    const points = pointsOf(input, axis);
    return points.length > 0 ? [{ axis, svg: scatter(input, axis, points) }] : [];
  });
  if (views.length === 0) return null;
  return html`<figure class="card scatter">
<figcaption><h3>${input.measure.title} against cost</h3>
<p>Each ring is a trial. The line is the Pareto front: its filled dots are the trials that no other beats at the same cost or less. The star is the winner${
    knownAmounts(input.limits).length > 0 && '; the dashed line is the limit'
  }.</p></figcaption>
<fieldset class="choice"><legend>Cost</legend>${views.map(
    ({ axis }, index) =>
      html`<label><input type="radio" name="cost" value="${axis.name}"${index === 0 && html` checked`}> ${axis.title}</label> `,
  )}</fieldset>
${views.map(({ axis, svg }) => html`<div class="view view-${axis.name}">${svg}</div>\n`)}</figure>`;
}

interface Point {
  readonly trial: number;
  readonly score: number;
  readonly cost: number;
}

const pointsOf = ({ trials, measure }: CostScatterInput, { name }: Quantity): Point[] =>
  trials.flatMap((trial) => {
    const cost = trial.cost[name];
    const score = measure.value(trial);
    return typeof cost === 'number' && Number.isFinite(score) ? [{ trial: trial.number, score, cost }] : [];
  });

function scatter({ winner, limits, measure }: CostScatterInput, axis: Quantity, points: readonly Point[]): Html {
  const front = paretoFront(points, (point) => [point.cost, -point.score]);
  const onFront = new Set(front);
  const best = points.filter((point) => point.trial === winner);
  const limit = limits[axis.name];
  const [low, high] = domainOf([...points.map(({ cost }) => cost), ...(typeof limit === 'number' ? [limit] : [])]);
  const title = (point: Point) =>
    `trial ${point.trial}: ${measure.format(point.score)}, ${amountInWords(axis, point.cost)}`;
  const place = { x: 'cost', y: 'score' };
  /** Labels stand on the side where there is more room. */
  const beside = (cost: number, distance: number) =>
    cost > (low + high) / 2
      ? ({ textAnchor: 'end', dx: -distance } as const)
      : ({ textAnchor: 'start', dx: distance } as const);
  const label =
    `Scatter plot of ${measure.label} against ${axis.title} of ${points.length} trials. Pareto front: ` +
    `${front.map((point) => `trial ${point.trial} (${measure.format(point.score)}, ${axis.format.short(point.cost)})`).join('; ')}.`;
  return plotSvg(label, {
    x: { label: axis.title, domain: [Math.max(0, low), high], tickFormat: axis.format.short, ticks: 5 },
    y: {
      label: measure.label,
      domain: domainOf(points.map(({ score }) => score)),
      tickFormat: measure.tick,
      grid: true,
      ticks: 6,
    },
    marks: [
      ...(typeof limit === 'number'
        ? [
            Plot.ruleX([limit], { stroke: colour.ink, strokeDasharray: '5,4' }),
            Plot.text([limit], {
              x: (value: number) => value,
              frameAnchor: 'bottom',
              text: (value: number) => `limit ${axis.format.short(value)}`,
              ...beside(limit, 6),
              dy: -6,
              fill: colour.ink,
            }),
          ]
        : []),
      Plot.dot(
        points.filter((point) => !onFront.has(point)),
        { ...place, r: 3.5, stroke: colour.muted, fill: colour.surface, fillOpacity: 0.4, title },
      ),
      Plot.line(front, { ...place, stroke: colour.front, strokeWidth: 1.5, curve: 'step-after' }),
      Plot.dot(front, { ...place, r: 4, fill: colour.front, title }),
      Plot.dot(best, {
        ...place,
        symbol: 'star',
        r: 9,
        fill: colour.accent,
        stroke: colour.surface,
        strokeWidth: 1.5,
        title: (point: Point) => `winner, ${title(point)}`,
      }),
      Plot.text(best, {
        ...place,
        text: (point: Point) => `winner #${point.trial}`,
        ...beside(best[0]?.cost ?? 0, 12),
        dy: -8,
        fill: colour.accent,
        stroke: colour.surface,
        strokeWidth: 4,
        fontWeight: 'bold',
      }),
    ],
  });
}
