/** @file The front of the best trade-offs between the score and what was to be minimised, with its hypervolume. */

import { plain, plural, UNKNOWN } from '../quantity/number-format.js';
import type { ReportTrial } from './description.js';
import { type Html, html } from './html.js';
import type { Yardstick } from './yardstick.js';

export interface TradeOffDescription {
  readonly minimise: readonly string[];
  readonly front: readonly ReportTrial[];
  readonly hypervolume: number;
  readonly reference: { readonly score: number; readonly cost: { readonly [quantity: string]: number } };
  /** How the winner was picked, as `--pick` has it. */
  readonly rule: string;
}

export function tradeOffSection(
  { minimise, front, hypervolume, reference, rule }: TradeOffDescription,
  measure: Yardstick,
  winner: number | null,
): Html {
  const corner = [`score ${plain(reference.score)}`, ...Object.entries(reference.cost).map(([q, n]) => `${n} ${q}`)];
  const cost = (trial: ReportTrial, quantity: string) =>
    Object.entries(trial.cost).find(([name]) => name === quantity)?.[1] ?? null;
  return html`<section aria-labelledby="trade-offs"><h2 id="trade-offs">${plural(front.length, 'best trade-off')}</h2>
<p>Trials that no other beats in ${measure.label} and ${minimise.join(', ')} at once. Hypervolume ${plain(hypervolume)}, up to ${corner.join(', ')}:
the mean, over all bounds on cost, of the best score within them. The winner was picked by the rule <code>${rule}</code>.</p>
<div class="scroll" role="region" aria-label="Table of trade-offs" tabindex="0">
<table><thead><tr><th scope="col" class="number">Trial</th><th scope="col" class="number">${measure.title}</th>${minimise.map(
    (quantity) => html`<th scope="col" class="number">${quantity}</th>`,
  )}</tr></thead>
<tbody>
${front.map(
  (
    trial,
  ) => html`<tr${trial.number === winner && html` class="winner"`}><td class="number"><a href="#trial-${trial.number}">${
    trial.number === winner && '★ '
  }${trial.number}</a></td><td class="number">${measure.format(measure.value(trial))}</td>${minimise.map(
    (quantity) => html`<td class="number">${cost(trial, quantity)?.toLocaleString('en-US') ?? UNKNOWN}</td>`,
  )}</tr>
`,
)}</tbody></table></div></section>`;
}
