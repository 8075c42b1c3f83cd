/** @file Learning curves of all trials together. */
import * as Plot from '@observablehq/plot';
import { plural } from '../quantity/number-format.js';
import type { ReportTrial } from './description.js';
import { epochAxis, MOST_DOTS } from './epoch-axis.js';
import { type Html, html } from './html.js';
import { colour, domainOf, plotSvg } from './plot.js';
import type { Yardstick } from './yardstick.js';

/**
 * Points so many interquartile ranges below the lower quartile are left out (Tukey 1977: “far out”): one trial that
 * learns nothing would press all others into one line.
 */
const FAR_OUT = 3;

interface Sample {
  readonly trial: number;
  readonly state: ReportTrial['state'];
  readonly epoch: number;
  readonly score: number;
}

/** The score by epoch of every trial that has a curve; nothing where none has. */
export function trialCurves(trials: readonly ReportTrial[], winner: number | null, measure: Yardstick): Html | null {
  const all = trials.flatMap((trial) => samplesOf(trial, measure));
  if (all.length === 0) return null;
  const floor = lowerFence(all.map(({ score }) => score));
  const shown = all.filter(({ score }) => score >= floor);
  const best = shown.filter(({ trial }) => trial === winner);
  const others = shown.filter(({ trial }) => trial !== winner);
  const last = best.at(-1);
  const place = { x: 'epoch', y: 'score', title: ({ trial, state }: Sample) => `trial ${trial}, ${state}` };
  const line = { ...place, z: 'trial', stroke: colour.muted, strokeOpacity: 0.45, strokeWidth: 1.2 };
  const withDots = new Set(shown.map(({ epoch }) => epoch)).size <= MOST_DOTS;
  const trained = new Set(all.map(({ trial }) => trial)).size;
  const label =
    `Learning curves of ${plural(trained, 'trial')}: ${measure.label} by epoch.` +
    (last ? ` The winner, trial ${last.trial}, reaches ${measure.format(last.score)}.` : '');
  const svg = plotSvg(label, {
    height: 350,
    marginRight: 44,
    x: epochAxis(all.map(({ epoch }) => epoch)),
    y: {
      label: measure.label,
      tickFormat: measure.tick,
      grid: true,
      ticks: 6,
      domain: domainOf(shown.map(({ score }) => score)),
    },
    marks: [
      Plot.line(
        others.filter(({ state }) => state === 'completed'),
        line,
      ),
      Plot.line(
        others.filter(({ state }) => state !== 'completed'),
        { ...line, strokeOpacity: 0.8, strokeDasharray: '3,3' },
      ),
      Plot.dot(withDots ? others : [], { ...place, r: 1.8, fill: colour.muted, fillOpacity: 0.7 }),
      Plot.line(best, { ...line, stroke: colour.accent, strokeWidth: 3, strokeOpacity: 1 }),
      Plot.dot(withDots ? best : [], { ...place, r: 4, fill: colour.accent }),
      Plot.text(last ? [last] : [], {
        x: 'epoch',
        y: 'score',
        text: ({ trial }: Sample) => `#${trial}`,
        dx: 8,
        textAnchor: 'start',
        fill: colour.accent,
        fontWeight: 'bold',
      }),
    ],
  });
  const hidden = all.length - shown.length;
  return html`<figure class="card"><figcaption><h3>Learning curves of the trials</h3>
<p>${measure.title} after each epoch${last && '; the thick line is the winner'}${
    others.some(({ state }) => state !== 'completed') && '; dashed lines ended early'
  }.${hidden > 0 && ` Not shown: ${plural(hidden, 'point')} below ${measure.format(floor)}.`}</p></figcaption>
${svg}</figure>`;
}

const samplesOf = ({ number, state, curve }: ReportTrial, measure: Yardstick): Sample[] =>
  curve
    .map(({ epoch, values }) => ({ trial: number, state, epoch, score: measure.valueIn(values) }))
    .filter(({ score }) => Number.isFinite(score));

/** Below it are outliers; nothing is where half of the values are equal. */
function lowerFence(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const quartile = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  const range = quartile(0.75) - quartile(0.25);
  return range > 0 ? quartile(0.25) - FAR_OUT * range : Number.NEGATIVE_INFINITY;
}
