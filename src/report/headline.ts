/** @file The top of a report: what was searched, on what data, within which limits, and what came out. */

import { count, duration, milliseconds, percent, plural } from '../quantity/number-format.js';
import { capital, knownAmounts } from '../quantity/quantity.js';
import type { ReportTrial } from './description.js';
import { type Html, html } from './html.js';
import { limitTexts } from './limit-text.js';
import type { StudyReportInput } from './study-report-input.js';
import type { Yardstick } from './yardstick.js';

export function headline(input: StudyReportInput, measure: Yardstick): Html {
  const { study, data, space, strategy, evaluation, trials, best } = input;
  const limits = limitTexts(input.limits);
  const winner = trials.find(({ number }) => number === best?.trial);
  return html`<header>
<p class="kicker">Architecture search with nasturtium</p>
<h1>${study.name} <span class="state">${stateText(input)}</span></h1>
<p class="lead">Searched the space <strong>${space.title}</strong> (${sizeText(space.size)} architectures) with <strong>${strategy.title}</strong> for the best ${measure.label} on
<strong>${data.name}</strong>${limits.length > 0 ? ` within ${limits.join(', ')}` : ', without a limit on cost'}.
${countsText(trials)} in ${duration(study.seconds)}, each evaluated by ${evaluation.title}.</p>
${
  input.stopping &&
  html`<p class="lead">${stoppingText(input.stopping)}</p>
`
}
${winner ? winnerNumbers(input, winner, measure) : html`<p class="lead">No trial was completed, so there is no winner.</p>`}
<p class="muted">${data.origin} ${plural(data.classes.length, 'class', 'classes')}; images of ${data.image.channels}×${data.image.height}×${data.image.width}. Accuracies: ${data.split}
(${count(data.images.train)} for training, ${count(data.images.valid)} for validation, ${count(data.images.test)} for the test.)</p>
${data.notices.map((notice) => html`<p class="muted">Note: ${notice}</p>\n`)}</header>`;
}

/** What the stopping rule saved, and how often it would have been wrong. */
function stoppingText({ title, summary }: NonNullable<StudyReportInput['stopping']>): string {
  const { stopped, letRun, wrong, savedEpochs, savedSeconds } = summary;
  const saved = `${title} stopped ${plural(stopped, 'trial')} early and saved about ${count(Math.round(savedEpochs))} epochs, ${duration(savedSeconds)}.`;
  if (letRun === 0) return saved;
  return `${saved} Of ${plural(letRun, 'more trial')} that it would have stopped and that were let run to check it, ${wrong === 0 ? 'none' : count(wrong)} beat what they were held to miss.`;
}

function stateText({ study, trials, budget }: StudyReportInput): string {
  if (study.state === 'finished') return 'finished';
  const planned = budget.trials === null ? '' : ` of ${count(budget.trials)}`;
  return `${study.state} after ${count(trials.length)}${planned} trials`;
}

/** `15625` as `15,625`; what has more than twelve digits by its power of ten. */
function sizeText(size: string): string {
  if (!/^\d+$/.test(size)) return size;
  if (size.length <= 12) return size.replace(/\B(?=(\d{3})+$)/g, ',');
  return `about ${size.slice(0, 1)}.${size.slice(1, 2)} · 10^${size.length - 1}`;
}

function countsText(trials: readonly ReportTrial[]): string {
  const counts = new Map<string, number>();
  for (const { state } of trials) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([state, n]) => `${count(n)} ${state}`);
  return `${plural(trials.length, 'trial')}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}

function winnerNumbers({ final, latency, data }: StudyReportInput, winner: ReportTrial, measure: Yardstick): Html {
  const cost = latency ? { ...winner.cost, latencyMs: null } : winner.cost;
  const tested = final !== null && final.testAccuracy !== null;
  return html`<dl class="numbers" aria-label="The winner">
${tested && tile('Test accuracy', percent(final.testAccuracy), `${count(data.images.test)} images, after ${plural(final.epochs, 'epoch')}`, true)}${tile(
  measure.title,
  measure.format(measure.value(winner)),
  `in the search, trial ${winner.number}`,
  !tested,
)}${knownAmounts(cost).map(({ quantity: { title, format, basis }, amount }) => tile(capital(title), format.short(amount), basis))}${
  latency && tile('Latency', milliseconds(latency.median), `median; 95 % within ${milliseconds(latency.percentile95)}`)
}</dl>`;
}

const tile = (label: string, value: string, note: string, first = false): Html =>
  html`<div${first && html` class="first"`}><dt>${label}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>
`;
