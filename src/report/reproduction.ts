/** @file The end of a report: all that is needed to get the same study again. */

import { bytes, count, duration, milliseconds, plural } from '../quantity/number-format.js';
import type { ChoiceDescription } from './description.js';
import { type Html, html } from './html.js';
import type { StudyReportInput } from './study-report-input.js';

export function reproduction(input: StudyReportInput): Html {
  const { study, command, data, space, strategy, evaluation, budget, final, latency, machine, versions } = input;
  const budgets = [
    ...(budget.trials === null ? [] : [plural(budget.trials, 'trial')]),
    ...(budget.seconds === null ? [] : [duration(budget.seconds)]),
  ];
  return html`<section aria-labelledby="again"><h2 id="again">How to get this again</h2>
<pre>${command}</pre>
<dl class="facts">
<dt>Study</dt><dd>${study.name}, begun ${study.created}</dd>
<dt>Seed</dt><dd>${input.seed}; with one thread a trial, equal settings give equal trials, bit for bit on one machine</dd>
<dt>Budget</dt><dd>${budgets.length > 0 ? budgets.join(', ') : 'none'}; ${plural(input.workers, 'worker')}, ${plural(input.threads, 'thread')} each</dd>
<dt>Data</dt><dd><code>${data.reference}</code></dd>
${choice('Space', space)}${choice('Strategy', strategy)}${choice('Evaluation', evaluation)}${
  final &&
  html`<dt>Final training</dt><dd>${plural(final.epochs, 'epoch')} in ${duration(final.seconds)} <code>${JSON.stringify(final.settings)}</code></dd>\n`
}${
  latency &&
  html`<dt>Latency</dt><dd>median ${milliseconds(latency.median)}, 95th percentile ${milliseconds(latency.percentile95)} of ${plural(latency.runs, 'run')}: ${latency.runtime}, ${plural(latency.threads, 'thread')}, batch ${latency.batch}</dd>\n`
}<dt>Machine</dt><dd>${machine.processor}, ${plural(machine.cores, 'core')}, ${bytes(machine.memoryBytes)}, ${machine.system}</dd>
<dt>Versions</dt><dd>${Object.entries(versions)
    .map(([program, version]) => `${program} ${version}`)
    .join(', ')}</dd>
</dl>
<details><summary>All settings</summary><pre>${JSON.stringify(input.configuration, null, 2)}</pre></details>
<footer><p>Parameters are trainable scalars. A MAC is a multiply-accumulate of a convolution or a linear layer for one image; ${count(1)} MAC is ${count(2)} FLOPs.
Peak activations are the most bytes of float32 feature maps that are needed at once for one image.</p></footer></section>`;
}

const choice = (label: string, { name, paper, settings }: ChoiceDescription): Html =>
  html`<dt>${label}</dt><dd><code>${name}</code> <code>${JSON.stringify(settings)}</code><br><span class="muted">${paper}</span></dd>
`;
