/** @file The report of a study: one HTML file that needs nothing but a browser. */

import { paretoFront } from '../pareto/front.js';
import { plural } from '../quantity/number-format.js';
import { comparableTrials } from '../record/comparable.js';
import { bestSoFar } from './best-so-far.js';
import { costScatter } from './cost-scatter.js';
import type { ReportTrial } from './description.js';
import { finalCurves } from './final-curves.js';
import { headline } from './headline.js';
import { Html, html } from './html.js';
import { trialCurves } from './learning-curves.js';
import { networkSection } from './network-section.js';
import { pageScript, securityPolicy } from './page-script.js';
import { pageStyle } from './page-style.js';
import { reproduction } from './reproduction.js';
import type { StudyReportInput } from './study-report-input.js';
import { tradeOffSection } from './trade-offs.js';
import { trialTable } from './trial-table.js';
import { type Yardstick, yardstickOf } from './yardstick.js';

/** The report as the text of one HTML file. Equal input gives equal text. */
export function renderReport(input: StudyReportInput): string {
  const { study, trials, best, final, tradeOffs } = input;
  const measure = yardstickOf(input.measure);
  const winner = best?.trial ?? null;
  const comparable = comparableTrials(trials);
  const plots = [
    costScatter({ trials: comparable, winner, limits: input.limits, measure }),
    trialCurves(trials, winner, measure),
    bestSoFar({ trials, compared: new Set(comparable), measure }),
    final && finalCurves(final),
  ].filter((plot) => plot !== null);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${securityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="nasturtium">
<title>${study.name} – architecture search</title>
<link rel="icon" href="data:,">
<style>${new Html(pageStyle)}</style>
</head>
<body>
<main>
${headline(input, measure)}
${
  plots.length > 0 &&
  html`<section aria-labelledby="search"><h2 id="search">The search</h2>
<div class="plots">
${plots}
</div></section>`
}
${best && networkSection(best, trials.find(({ number }) => number === best.trial)?.architecture ?? null)}
<section aria-labelledby="trials"><h2 id="trials">${plural(trials.length, 'trial')}</h2>
${trialTable({ trials, winner, measure, front: frontOf(comparable, measure) })}</section>
${tradeOffs && tradeOffSection(tradeOffs, measure, winner)}
${reproduction(input)}
</main>
<script>${new Html(pageScript)}</script>
</body>
</html>
`;
  return page.markup;
}

/** Trials that no other beats at the same number of parameters or fewer. */
function frontOf(trials: readonly ReportTrial[], measure: Yardstick): ReadonlySet<number> {
  const front = paretoFront(trials, (trial) => [trial.cost.params ?? Number.NaN, -measure.value(trial)]);
  return new Set(front.map((trial) => trial.number));
}
