/** @file The winner in a report: its drawing, its layers as a table, its architecture as text. */
import type { Json } from '../json.js';
import { count, plural, shape } from '../quantity/number-format.js';
import type { NetworkDescription } from './description.js';
import { type Html, html } from './html.js';
import { operatorText } from './layer-text.js';
import { drawnLayers } from './network-blocks.js';
import { networkDrawing } from './network-drawing.js';

export function networkSection(
  best: { readonly trial: number; readonly notation: string; readonly network: NetworkDescription },
  architecture: Json,
): Html {
  const layers = drawnLayers(best.network);
  return html`<section aria-labelledby="network"><h2 id="network">The winner’s network</h2>
<p class="muted">Trial ${best.trial}. Each card is a block, read down one column, then on in the next. A box is a layer with its norm and activation: operators, name, then output shape (channels×height×width) and trainable parameters.</p>
<svg class="unseen" aria-hidden="true"><defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrowhead" d="M0 0.5 8 4 0 7.5z"/></marker></defs></svg>
${networkDrawing(best.network)}
<details><summary>All ${plural(layers.length, 'layer')} as a table</summary>
<div class="scroll" role="region" aria-label="Table of layers" tabindex="0"><table>
<thead><tr><th scope="col">Layer</th><th scope="col">Operator</th><th scope="col">Inputs</th><th scope="col" class="number">Output shape</th><th scope="col" class="number">Parameters</th><th scope="col" class="number">MACs</th></tr></thead>
<tbody>
${layers.map(
  (layer) =>
    html`<tr><td>${layer.name}</td><td>${operatorText(layer)}</td><td class="muted">${layer.inputs.join(', ')}</td><td class="number">${shape(layer.outputShape)}</td><td class="number">${count(layer.params)}</td><td class="number">${count(layer.macs)}</td></tr>\n`,
)}</tbody></table></div></details>
<details><summary>Architecture</summary>
<p class="muted">In the notation of its space, as <code>nas cost</code> and <code>nas train</code> take it, and as JSON.</p>
<pre>${best.notation}</pre>
<pre>${JSON.stringify(architecture, null, 2)}</pre></details></section>`;
}
