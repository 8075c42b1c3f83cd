/** @file The style of a report: light and dark, wide and narrow, on screen and on paper. */
import { quantities } from '../quantity/quantity.js';

/** The scatter plot of the cost that the reader has chosen. */
const chosenCost = quantities.map(({ name }) => `.scatter:has([value=${name}]:checked) .view-${name}`).join(',\n');

export const pageStyle = `:root {
  color-scheme: light dark;
  --ink: #1d2126; --muted: #656c76; --faint: #e4e2dc; --page: #f7f6f2; --surface: #ffffff;
  --accent: #c2410c; --accent-soft: #fdf0e7; --front: #1f5fae;
  --convolution: #1f5fae; --linear: #7a3fb0; --pool: #0f766e; --other: #8a8f98;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e9e7e2; --muted: #a0a6b0; --faint: #343941; --page: #131519; --surface: #1c1f25;
    --accent: #ff9257; --accent-soft: #33241b; --front: #7fb4f7;
    --convolution: #7fb4f7; --linear: #c59bf2; --pool: #5eccc0; --other: #8a8f98;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 44px 0 12px; }
h3 { font-size: 15px; margin: 0; overflow-wrap: anywhere; }
p { margin: 0 0 10px; }
.lead { font-size: 17px; max-width: 76ch; overflow-wrap: anywhere; }
.muted, .soft { color: var(--muted); }
.kicker { color: var(--accent); font-weight: 600; font-size: 13px; letter-spacing: 0.04em; margin: 0 0 6px; }
.state { display: inline-block; vertical-align: middle; margin-left: 8px; padding: 2px 10px; border: 1px solid currentColor; border-radius: 99px; font-size: 13px; font-weight: 500; letter-spacing: 0; color: var(--muted); }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(158px, 1fr)); gap: 12px; margin: 20px 0; padding: 0; }
.numbers div { background: var(--surface); border: 1px solid var(--faint); border-radius: 10px; padding: 12px 14px; }
.numbers div.first { border-color: var(--accent); background: var(--accent-soft); }
.numbers dt { font-size: 13px; color: var(--muted); }
.numbers dd { margin: 2px 0 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.numbers dd.note { font-size: 12.5px; font-weight: 400; color: var(--muted); white-space: normal; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 16px; }
.card { margin: 0; background: var(--surface); border: 1px solid var(--faint); border-radius: 10px; padding: 16px 18px; min-width: 0; }
figcaption p { font-size: 13px; color: var(--muted); margin: 2px 0 8px; }
svg.plot { display: block; width: 100%; max-width: 620px; height: auto; margin: 0 auto; overflow: visible; --plot-background: var(--surface); }
svg.plot text { white-space: pre; }
.choice { border: 0; margin: 0 0 8px; padding: 0; font-size: 13px; display: flex; flex-wrap: wrap; gap: 2px 14px; }
.choice legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.choice label { cursor: pointer; }
.choice input { accent-color: var(--accent); margin: 0 2px 0 0; vertical-align: -1px; }
.view { display: none; }
${chosenCost} { display: block; }
@supports not selector(:has(*)) { .view { display: block; } .choice { display: none; } }
.scroll { overflow-x: auto; background: var(--surface); border: 1px solid var(--faint); border-radius: 10px; }
.scroll:focus-visible, summary:focus-visible, button:focus-visible { outline: 2px solid var(--front); outline-offset: 2px; }
.tall { max-height: min(85vh, 760px); overflow-y: auto; }
.tall thead th { position: sticky; top: 0; background: var(--surface); box-shadow: 0 1px 0 var(--faint); }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { padding: 6px 12px; text-align: left; border-bottom: 1px solid var(--faint); white-space: nowrap; vertical-align: top; }
tbody tr:last-child > * { border-bottom: 0; }
th { font-weight: 600; color: var(--muted); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.reason { white-space: normal; min-width: 220px; overflow-wrap: anywhere; }
tr.winner { background: var(--accent-soft); font-weight: 600; }
tr.winner .star, .star { color: var(--accent); }
tr:target { outline: 2px solid var(--front); outline-offset: -2px; }
tr.failed td, tr.pruned td, tr.infeasible td, tr.interrupted td { color: var(--muted); }
th button { all: unset; cursor: pointer; }
th button::after { content: ' ↕'; opacity: 0.4; }
th[aria-sort=ascending] button::after { content: ' ↑'; opacity: 1; }
th[aria-sort=descending] button::after { content: ' ↓'; opacity: 1; }
.network { columns: var(--column); column-gap: 16px; }
.block { break-inside: avoid; background: var(--surface); border: 1px solid var(--faint); border-radius: 10px; padding: 12px; margin: 0 0 16px; overflow-x: auto; }
.block .flow { font-size: 13px; margin: 0 0 8px; font-variant-numeric: tabular-nums; }
.unbroken { white-space: nowrap; }
.repeats { display: inline-block; background: var(--accent-soft); color: var(--accent); border-radius: 99px; padding: 0 9px; font-size: 13px; }
svg.graph { display: block; max-width: 100%; height: auto; margin: 0 auto; font-size: 12px; fill: var(--ink); }
svg.graph .soft { fill: var(--muted); }
svg.graph .operator { font-weight: 600; }
.edges path { fill: none; stroke: var(--muted); stroke-width: 1.3; }
.arrowhead { fill: var(--muted); }
.box rect { fill: var(--surface); stroke: var(--faint); stroke-width: 1.3; }
.box .mark { fill: var(--other); }
.box.convolution .mark { fill: var(--convolution); } .box.linear .mark { fill: var(--linear); } .box.pool .mark { fill: var(--pool); }
.box.join rect { stroke: var(--muted); }
.port rect { fill: var(--page); stroke: var(--faint); stroke-dasharray: 3 3; }
details { margin: 12px 0; }
summary { cursor: pointer; font-weight: 600; }
details > .scroll, details > pre { margin-top: 10px; }
pre { background: var(--surface); border: 1px solid var(--faint); border-radius: 10px; padding: 12px 14px; margin: 8px 0; font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: minmax(120px, max-content) 1fr; gap: 6px 20px; margin: 0 0 12px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.facts code { font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
footer { margin-top: 40px; font-size: 13px; color: var(--muted); }
.unseen { position: absolute; width: 0; height: 0; }
@media (max-width: 560px) {
  main { padding: 20px 12px 40px; }
  h1 { font-size: 24px; }
  .lead { font-size: 16px; }
  .card { padding: 12px; }
  .numbers { grid-template-columns: 1fr 1fr; gap: 8px; }
  .numbers dd { font-size: 19px; }
  table { font-size: 12.5px; }
  th, td { padding: 5px 7px; }
  td.reason { min-width: 180px; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: 8px; }
}
@media print {
  :root {
    color-scheme: light;
    --ink: #000; --muted: #555; --faint: #ccc; --page: #fff; --surface: #fff; --accent: #b03a06; --accent-soft: #fff; --front: #1f5fae;
    --convolution: #1f5fae; --linear: #7a3fb0; --pool: #0f766e; --other: #8a8f98;
  }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  .card, .block, tr, .numbers div { break-inside: avoid; }
  h2 { break-after: avoid; }
  .numbers { grid-template-columns: repeat(3, 1fr); }
  section > p { break-after: avoid; }
  .plots { grid-template-columns: 1fr 1fr; }
  .scroll { overflow: visible; max-height: none; border: 0; }
  .tall thead th { position: static; }
  table { font-size: 9pt; }
  th, td { white-space: normal; padding: 3px 6px; }
  td.number { white-space: nowrap; }
  th button::after { content: ''; }
}
`;
