/** @file The table of all trials; it reads without scripts, and sorts with the page's. */

import { duration, percent, UNKNOWN } from '../quantity/number-format.js';
import { capital, quantities } from '../quantity/quantity.js';
import type { ReportTrial } from './description.js';
import { type Html, html } from './html.js';
import type { Yardstick } from './yardstick.js';

/** What states look like without their colour. */
const signs: { readonly [State in ReportTrial['state']]: string } = {
  completed: '✓',
  failed: '✕',
  pruned: '▽',
  infeasible: '⊘',
  lost: '?',
  running: '…',
  interrupted: '‖',
};

export interface TrialTableInput {
  readonly trials: readonly ReportTrial[];
  readonly winner: number | null;
  readonly measure: Yardstick;
  /** Numbers of the trials on the front of the measure against parameters. */
  readonly front: ReadonlySet<number>;
}

export function trialTable({ trials, winner, measure, front }: TrialTableInput): Html {
  const shown = quantities.filter(({ name }) => trials.some(({ cost }) => typeof cost[name] === 'number'));
  const withFidelity = trials.some(({ fidelity = 1 }) => fidelity < 1);
  const withReason = trials.some((trial) => trial.reason !== null);
  const header = (text: string, numeric = true) =>
    html`<th scope="col"${numeric && html` class="number"`}>${text}</th>`;
  return html`<div class="scroll tall" role="region" aria-label="Table of trials" tabindex="0">
<table class="trials sortable">
<thead><tr>${header('Trial')}${header('State', false)}${withFidelity && header('Fidelity')}${header(measure.title)}${shown.map(({ shortTitle }) => header(capital(shortTitle)))}${header('Time')}${withReason && header('Reason', false)}</tr></thead>
<tbody>
${trials.map((trial) => {
  const score = measure.value(trial);
  const best = trial.number === winner;
  return html`<tr id="trial-${trial.number}" class="${trial.state}${best && ' winner'}">
${number(trial.number, html`${best && html`<span class="star" title="winner">★</span> `}${trial.number}`)}<td><span aria-hidden="true">${signs[trial.state]}</span> ${trial.state}${
    best && ', winner'
  }${
    front.has(trial.number) &&
    html` <span class="muted" title="No trial with as few parameters or fewer does better.">(Pareto)</span>`
  }</td>${withFidelity && number(trial.fidelity ?? 1, percent(trial.fidelity ?? 1))}${number(score, Number.isFinite(score) ? measure.format(score) : UNKNOWN)}${shown.map(({ name, format }) => number(trial.cost[name], format.long(trial.cost[name])))}${number(trial.seconds, duration(trial.seconds))}${withReason && html`<td class="reason">${trial.reason ?? ''}</td>`}</tr>
`;
})}</tbody>
</table>
</div>
`;
}

/** A cell that sorts by its exact value. */
const number = (value: number | null | undefined, content: Html | string): Html =>
  html`<td class="number" data-value="${value !== null && value !== undefined && Number.isFinite(value) ? value : ''}">${content}</td>`;
