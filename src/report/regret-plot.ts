/** @file How far the best found is from the optimum, by evaluations: mean and confidence band of each strategy. */
import * as Plot from '@observablehq/plot';
import { Html, html } from './html.js';
import { pageStyle } from './page-style.js';
import { plotSvg } from './plot.js';

export interface RegretCourse {
  readonly strategy: string;
  /** After 1, 2, … evaluations: the best target, on average over runs. */
  readonly mean: readonly number[];
  /** Of the mean. */
  readonly standardError: readonly number[];
}

export interface RegretPlotInput {
  readonly optimum: number;
  /** What is compared, such as a column of a table. */
  readonly target: string;
  readonly runs: number;
  readonly courses: readonly RegretCourse[];
}

/** 95 % of a normal distribution lie within so many standard errors. */
const BAND = 1.96;

/** Pixels below the plot for its axis, and for each line of the legend. */
const AXIS_HEIGHT = 32;
const LINE_HEIGHT = 17;

interface Point {
  readonly strategy: string;
  readonly evaluations: number;
  readonly regret: number;
  readonly low: number;
  readonly high: number;
}

/** A whole page with the plot; equal input gives equal text. */
export function renderRegretPage(input: RegretPlotInput, title: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="nasturtium">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(pageStyle)}</style>
</head>
<body><main>
<h1>${title}</h1>
<figure class="card"><figcaption><p>Mean regret over ${input.runs} runs: the optimum, ${input.optimum}, less the ${input.target} of the best
so far. Bands are 95 % confidence intervals of the mean.</p></figcaption>
${regretPlot(input)}</figure>
</main></body>
</html>
`.toString();
}

/** An image file of its own, in the page's light colours. */
export function regretSvg(input: RegretPlotInput): string {
  const style = `<style>${pageStyle}</style>`;
  return regretPlot(input)
    .markup.replace(/^<svg(?![^>]* xmlns=)/, '<svg xmlns="http://www.w3.org/2000/svg"')
    .replace(/^(<svg[^>]*>)/, `$1${style}`);
}

/** The plot alone; regret is on a logarithmic axis. */
function regretPlot({ optimum, target, courses }: RegretPlotInput): Html {
  const points = courses.flatMap((course) => pointsOf(course, optimum));
  const floor = Math.min(...points.flatMap(({ regret }) => (regret > 0 ? [regret] : []))) / 2;
  const shown = Number.isFinite(floor) ? points.map((point) => above(floor, point)) : points;
  const evaluations = Math.max(...shown.map((point) => point.evaluations));
  const strategies = courses.map(({ strategy }) => strategy);
  return plotSvg(`Mean regret of ${strategies.join(', ')} by evaluations.`, {
    height: 340 + LINE_HEIGHT * strategies.length,
    marginBottom: AXIS_HEIGHT + LINE_HEIGHT * (strategies.length + 1),
    color: { domain: strategies, range: strategies.map((_, index) => hueOf(index)), legend: false },
    x: { label: 'evaluations', domain: [1, evaluations], ticks: 6, labelOffset: AXIS_HEIGHT },
    y: {
      type: Number.isFinite(floor) ? 'log' : 'linear',
      label: `regret of ${target}`,
      grid: true,
      ticks: 5,
      tickFormat: '~g',
    },
    marks: [
      Plot.areaY(shown, { x: 'evaluations', y1: 'low', y2: 'high', fill: 'strategy', fillOpacity: 0.18 }),
      Plot.line(shown, { x: 'evaluations', y: 'regret', stroke: 'strategy', strokeWidth: 2 }),
      ...strategies.map((strategy, index) =>
        Plot.text([`━ ${strategy}`], {
          frameAnchor: 'bottom-left',
          fill: hueOf(index),
          dy: AXIS_HEIGHT + LINE_HEIGHT * (index + 1),
        }),
      ),
    ],
  });
}

function pointsOf({ strategy, mean, standardError }: RegretCourse, optimum: number): Point[] {
  return mean.map((best, index) => {
    const half = BAND * (standardError[index] ?? 0);
    const regret = optimum - best;
    return { strategy, evaluations: index + 1, regret, low: regret - half, high: regret + half };
  });
}

/** What a logarithmic axis can show: regrets of zero lie on its floor. */
const above = (floor: number, { regret, low, high, ...point }: Point): Point => ({
  ...point,
  regret: Math.max(floor, regret),
  low: Math.max(floor, low),
  high: Math.max(floor, high),
});

/** Colours that are told apart on light and on dark: hues by the golden angle. */
const hueOf = (index: number): string => `hsl(${Math.round((20 + 137.508 * index) % 360)} 65% 48%)`;
