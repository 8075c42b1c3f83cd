/** @file How the best score rose from trial to trial. */
import * as Plot from '@observablehq/plot';
import type { ReportTrial } from './description.js';
import { type Html, html } from './html.js';
import { colour, domainOf, plotSvg } from './plot.js';
import type { Yardstick } from './yardstick.js';

interface Entry {
  readonly trial: number;
  readonly score: number;
  readonly best: number;
}

export interface BestSoFarInput {
  readonly trials: readonly ReportTrial[];
  /** Those that had enough of an evaluation to be compared with each other. */
  readonly compared: ReadonlySet<ReportTrial>;
  readonly measure: Yardstick;
}

/** Best score by trial number; nothing where no trial is completed. */
export function bestSoFar({ trials, compared, measure }: BestSoFarInput): Html | null {
  const entries: Entry[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (const trial of trials) {
    if (!compared.has(trial)) continue;
    const score = measure.value(trial);
    if (!Number.isFinite(score)) continue;
    best = Math.max(best, score);
    entries.push({ trial: trial.number, score, best });
  }
  const last = entries.at(-1);
  if (last === undefined) return null;
  const others = trials.filter((trial) => ['failed', 'pruned', 'infeasible'].includes(trial.state));
  const [low, high] = domainOf(entries.map(({ score }) => score));
  const numbers = trials.map(({ number }) => number);
  const title = (entry: Entry) =>
    `trial ${entry.trial}: ${measure.format(entry.score)}; best so far ${measure.format(entry.best)}`;
  const steps = [...entries, { ...last, trial: numbers.at(-1) ?? last.trial }];
  const svg = plotSvg(`Best ${measure.label} by trial, in the end ${measure.format(last.best)}.`, {
    height: 350,
    x: {
      label: 'trial',
      domain: domainOf(numbers),
      tickFormat: (n: number) => (Number.isInteger(n) ? String(n) : ''),
      ticks: 6,
    },
    y: { label: measure.label, domain: [low, high], tickFormat: measure.tick, grid: true, ticks: 6 },
    marks: [
      Plot.dot(entries, { x: 'trial', y: 'score', r: 3, stroke: colour.muted, title }),
      Plot.line(steps, { x: 'trial', y: 'best', curve: 'step-after', stroke: colour.accent, strokeWidth: 2.5 }),
      Plot.dot(others, {
        x: 'number',
        y: () => low,
        symbol: 'times',
        r: 4,
        stroke: colour.ink,
        title: (trial: ReportTrial) => `trial ${trial.number}: ${trial.state}`,
      }),
    ],
  });
  return html`<figure class="card"><figcaption><h3>Best so far</h3>
<p>Rings are trials in the order of their proposals, the line is the best up to each${others.length > 0 && '; a cross on the axis is a trial without a result'}.</p></figcaption>
${svg}</figure>`;
}
