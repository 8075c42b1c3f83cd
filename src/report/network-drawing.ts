/** @file The drawing of a network: one card a block, one box a layer with its norm and activation. */

import { compactCount, count, shape } from '../quantity/number-format.js';
import type { NetworkDescription } from './description.js';
import { layoutGraph, type PixelPoint } from './graph-layout.js';
import { type Html, html } from './html.js';
import { operatorText } from './layer-text.js';
import {
  type BlockInput,
  blocksOf,
  type DrawnBlock,
  type DrawnLayer,
  type DrawnNode,
  isCompanion,
} from './network-blocks.js';

/** Sizes in CSS pixels; a page cannot be asked how wide a text is, so characters are taken to be of mean width. */
const CHARACTER = 7.1;
const NODE_HEIGHT = 58;
const SMALL_HEIGHT = 26;
const LEAST_WIDTH = 150;
const PADDING = 12;

/** Part of its size to which the widest block is shrunk where that makes room for more columns. */
const SHRINK = 0.86;

/** Kinds that join branches; they are drawn as small pills. */
const joins = new Set(['add', 'multiply', 'concat']);

/** A box before it has a place. */
interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** Names of the layers that end in this box: what edges start from. */
  readonly outputs: readonly string[];
  readonly inputs: readonly string[];
  draw(x: number, y: number): Html;
}

/** The network as cards that are read like newspaper columns: down, then on to the right. */
export function networkDrawing(description: NetworkDescription): Html {
  const blocks = blocksOf(description);
  const drawings = blocks.map(drawBlock);
  const widest = Math.max(0, ...drawings.map(({ width }) => width));
  return html`<div class="network" style="--column: ${Math.ceil(SHRINK * widest) + 26}px">${blocks.map((block, index) =>
    card(block, drawings[index]?.svg),
  )}</div>`;
}

function card(block: DrawnBlock, svg: Html | undefined): Html {
  const times =
    block.repeats > 1 &&
    html`<span class="repeats" title="${block.repeats} equal blocks in a row">× ${block.repeats}</span>`;
  const [input] = block.inputs;
  return html`<section class="block">
<h3>${block.title} ${times}</h3>
<p class="flow">${input && shape(input.shape)} → ${shape(block.outputShape)} <span class="muted unbroken">${count(block.params)} params</span> <span class="muted unbroken">· ${compactCount(block.macs)} MACs${block.repeats > 1 && ' each'}</span></p>
${svg}
</section>
`;
}

/** One block as SVG, laid out from top to bottom. */
function drawBlock(block: DrawnBlock): { readonly svg: Html; readonly width: number } {
  const boxes = [...block.inputs.map(inputBox), ...block.nodes.map((node) => nodeBox(node, block.prefix))];
  const origin = new Map(boxes.flatMap((box) => box.outputs.map((name) => [name, box.id] as const)));
  const { width, height, centres, edges } = layoutGraph(
    boxes,
    boxes.flatMap((box) => box.inputs.map((input) => [origin.get(input) ?? input, box.id] as const)),
  );
  const placed = boxes.map((box) => {
    const { x, y } = centres.get(box.id) ?? { x: 0, y: 0 };
    return box.draw(x - box.width / 2, y - box.height / 2);
  });
  const label = `Block ${block.title}: ${block.nodes.map((node) => sequence(node.layers)).join('; ')}`;
  const svg = html`<svg class="graph" role="img" aria-label="${label}" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" style="min-width: ${round(width * 0.7)}px">
<g class="edges">${edges.map(path)}</g>
${placed}</svg>`;
  return { svg, width };
}

function inputBox({ layer, shape: sizes, fromBefore }: BlockInput): Box {
  const text = layer === 'image' ? 'image' : fromBefore ? 'from the block before' : `from ${layer}`;
  const label = `${text}  ${shape(sizes)}`;
  const width = Math.max(90, label.length * CHARACTER + 2 * PADDING);
  return {
    id: `input ${layer}`,
    width,
    height: 24,
    outputs: [layer],
    inputs: [],
    draw: (x, y) => html`<g class="port" transform="${place(x, y)}"><title>${text}, ${shape(sizes)}</title>
<rect width="${round(width)}" height="24" rx="12"/><text x="${round(width / 2)}" y="16" text-anchor="middle">${text} <tspan class="soft">${shape(sizes)}</tspan></text></g>
`,
  };
}

function nodeBox({ layers }: DrawnNode, prefix: string): Box {
  const [first] = layers;
  const last = layers.at(-1) ?? first;
  const main = layers.find((layer) => !isCompanion(layer)) ?? first;
  const identity = {
    id: `layer ${first.name}`,
    outputs: [last.name],
    inputs: first.inputs,
  };
  const text = sequence(layers);
  const name = main.name.startsWith(prefix) ? main.name.slice(prefix.length) : main.name;
  if (joins.has(main.kind)) {
    const label = `${text}  ${shape(last.outputShape)}`;
    const width = Math.max(96, label.length * CHARACTER + 2 * PADDING);
    return {
      ...identity,
      width,
      height: SMALL_HEIGHT,
      draw: (x, y) => html`<g class="box join" transform="${place(x, y)}"><title>${details(layers)}</title>
<rect width="${round(width)}" height="${SMALL_HEIGHT}" rx="13"/><text x="${round(width / 2)}" y="17" text-anchor="middle"><tspan class="operator">${text}</tspan> <tspan class="soft">${shape(last.outputShape)}</tspan></text></g>
`,
    };
  }
  const params = layers.reduce((total, layer) => total + layer.params, 0);
  const cost = params > 0 ? `${count(params)} params` : '';
  const longest = Math.max(text.length, name.length, shape(last.outputShape).length + cost.length + 3);
  const width = Math.max(LEAST_WIDTH, longest * CHARACTER + 2 * PADDING);
  return {
    ...identity,
    width,
    height: NODE_HEIGHT,
    draw: (
      x,
      y,
    ) => html`<g class="box ${family(main.kind)}" transform="${place(x, y)}"><title>${details(layers)}</title>
<rect width="${round(width)}" height="${NODE_HEIGHT}" rx="6"/><path class="mark" d="M0 6a6 6 0 0 1 6-6v${NODE_HEIGHT}a6 6 0 0 1-6-6z"/>
<text x="${PADDING + 2}" y="18">${operators(layers)}</text>
<text class="soft" x="${PADDING + 2}" y="33">${name}</text>
<text x="${PADDING + 2}" y="49">${shape(last.outputShape)}</text><text class="soft" x="${round(width - PADDING)}" y="49" text-anchor="end">${cost}</text></g>
`,
  };
}

/** Class of the box: what its mark's colour stands for, which the text says, too. */
function family(kind: string): string {
  if (kind === 'conv2d') return 'convolution';
  if (kind === 'linear') return 'linear';
  if (/pool/i.test(kind)) return 'pool';
  return 'other';
}

const sequence = (layers: readonly DrawnLayer[]): string => layers.map(operatorText).join(' → ');

const operators = (layers: readonly DrawnLayer[]): Html[] =>
  layers.map(
    (layer, index) =>
      html`${index > 0 && html`<tspan class="soft"> → </tspan>`}<tspan${!isCompanion(layer) && html` class="operator"`}>${operatorText(layer)}</tspan>`,
  );

/** What the pointer shows: every layer of the box with its full name. */
const details = (layers: readonly DrawnLayer[]): string =>
  layers
    .map(
      (layer) =>
        `${layer.name}: ${operatorText(layer)}, ${shape(layer.outputShape)}, ${count(layer.params)} params, ${count(layer.macs)} MACs`,
    )
    .join('\n');

/** A smooth line through the points that the layout bends an edge at. */
function path(points: readonly PixelPoint[]): Html {
  const [start, ...rest] = points;
  if (start === undefined) return html``;
  let d = `M${round(start.x)} ${round(start.y)}`;
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1];
    d +=
      next === undefined
        ? `L${round(point.x)} ${round(point.y)}`
        : `Q${round(point.x)} ${round(point.y)} ${round((point.x + next.x) / 2)} ${round((point.y + next.y) / 2)}`;
  }
  return html`<path d="${d}" marker-end="url(#arrow)"/>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const place = (x: number, y: number): string => `translate(${round(x)} ${round(y)})`;
