/** @file MetaQNN (Baker et al. 2017): chains of layers, in which the layer and the size of its map decide what may follow. */
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import { convNorm } from '../nn/blocks/index.js';
import { type Feature, scope } from '../nn/feature.js';
import { activation, conv2d, dropout, flatten, globalAvgPool, linear, maxPool2d } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { Decision } from './decisions/decision.js';
import { grammar } from './decisions/grammar.js';
import { type BuildTarget, defineSpace, type SearchSpace, targetImage } from './space.js';

/** One layer; `gap` is a 1×1 convolution to the classes and the mean of its maps, `softmax` the classifier. */
export type MetaQnnLayer =
  | { readonly layer: 'conv'; readonly filters: number; readonly kernel: number }
  | { readonly layer: 'pool'; readonly size: number; readonly stride: number }
  | { readonly layer: 'fc'; readonly units: number }
  | { readonly layer: 'gap' }
  | { readonly layer: 'softmax' };

/** Layers in order, of which `softmax` is the last. */
export type MetaQnnChain = readonly MetaQnnLayer[];

/** What the space `metaqnn` may be made with. */
export interface MetaQnnOptions {
  /** Side of the images that the rules are about; on others, pools are clipped to the map. Default 32, as CIFAR-10 has. */
  readonly imageSize?: number;
  /** The most layers before the classifier. Default 18, as for CIFAR-10; the authors take 12 for SVHN and MNIST. */
  readonly layers?: number;
  /** Whether batch norm stands between convolutions and their ReLU. Default no, as in the paper. */
  readonly batchNorm?: boolean;
}

/** Table 1 of the paper, and the authors' settings. */
const FILTERS = [64, 128, 256, 512];
const KERNELS = [1, 3, 5];
const POOLS = [
  { size: 5, stride: 3 },
  { size: 3, stride: 2 },
  { size: 2, stride: 2 },
];
const UNITS = [512, 256, 128];
const MOST_CONNECTED = 2;
/** Fully connected layers follow maps of this side or less. */
const LARGEST_FLATTENED = 4;

/** The space for images of one size. */
export function metaqnn(options: MetaQnnOptions = {}): SearchSpace<MetaQnnChain> {
  const { imageSize = 32, layers = 18, batchNorm = false } = options;
  const decisions = decisionsFor(imageSize, layers);
  return defineSpace({
    name: 'metaqnn',
    title: 'MetaQNN',
    paper: 'Baker et al., Designing Neural Network Architectures using Reinforcement Learning, ICLR 2017',
    description:
      `Up to ${layers} layers in a row: convolutions, poolings behind convolutions, at most two fully connected layers of ` +
      `falling width behind maps of side ${LARGEST_FLATTENED} or less, or a global mean; then the classifier. The rules follow ` +
      `maps of images of side ${imageSize}. A mutation exchanges, inserts or drops one layer.`,
    decisions,
    published,
    notations: [
      {
        name: 'layers',
        description: "the authors' chains, such as [C(64,3,1), P(2,2), C(128,5,1), GAP, SM]",
        parse,
        format,
      },
    ],
    build(architecture, target) {
      const chain = decisions.validate(architecture);
      return Network.build(targetImage(target), (image) => buildChain(image, chain, target, batchNorm));
    },
  });
}

interface State {
  readonly kind: 'start' | MetaQnnLayer['layer'];
  readonly depth: number;
  /** Of the map; 0 behind fully connected layers. */
  readonly side: number;
  /** Fully connected layers so far, and the units of the last. */
  readonly connected: number;
  readonly units: number;
}

/** The rules of the authors' state_enumerator.py, without poolings at the start or behind poolings, as they set it. */
function decisionsFor(imageSize: number, layers: number): Decision<MetaQnnChain> {
  return grammar<MetaQnnLayer, State>({
    start: { kind: 'start', depth: 0, side: imageSize, connected: 0, units: 0 },
    tokens: ({ kind, depth, side, connected, units }) => {
      if (kind === 'softmax') return [];
      const end: MetaQnnLayer = { layer: 'softmax' };
      if (depth === layers || kind === 'gap') return [end];
      if (kind === 'fc') return [...(connected < MOST_CONNECTED ? connectedLayers(units) : []), end];
      return [
        ...convolutions(side),
        ...(kind === 'conv' ? pools(side) : []),
        ...(side <= LARGEST_FLATTENED ? connectedLayers(Number.POSITIVE_INFINITY) : []),
        { layer: 'gap' },
        end,
      ];
    },
    next: (state, token) => ({ ...state, depth: state.depth + 1, kind: token.layer, ...changed(state, token) }),
    label: labelOf,
  });
}

const convolutions = (side: number): MetaQnnLayer[] =>
  FILTERS.flatMap((filters) =>
    KERNELS.filter((kernel) => kernel < side).map((kernel) => ({ layer: 'conv', filters, kernel }) as const),
  );

const pools = (side: number): MetaQnnLayer[] =>
  POOLS.filter(({ size }) => size < side).map((pool) => ({ layer: 'pool', ...pool }) as const);

const connectedLayers = (most: number): MetaQnnLayer[] =>
  UNITS.filter((units) => units <= most).map((units) => ({ layer: 'fc', units }) as const);

function changed({ side, connected }: State, token: MetaQnnLayer): Partial<State> {
  if (token.layer === 'pool') return { side: Math.floor((side - token.size) / token.stride) + 1 };
  if (token.layer === 'fc') return { side: 0, connected: connected + 1, units: token.units };
  return {};
}

function buildChain(image: Feature, chain: MetaQnnChain, target: BuildTarget, batchNorm: boolean): Feature {
  const scaled = (width: number) => Math.max(1, Math.round(width * (target.widthMultiplier ?? 1)));
  const drops = dropsOf(chain);
  let x = image;
  for (const [index, layer] of chain.entries()) {
    x = scope(x, `${layer.layer}${index}`, (inner) => buildLayer(inner, layer, { scaled, batchNorm, ...target }));
    const drop = drops.indexOf(index);
    if (drop >= 0) x = dropout(x, (drop + 1) / (2 * drops.length));
  }
  return x;
}

/** Dropout stands behind every second layer and every fully connected one: the i-th of n drops i/(2n) (section 5). */
const dropsOf = (chain: MetaQnnChain): number[] =>
  [...chain.keys()].filter((index) => {
    const { layer } = chain[index] ?? { layer: 'softmax' };
    return layer !== 'softmax' && layer !== 'gap' && (layer === 'fc' || index % 2 === 1);
  });

interface LayerTarget extends BuildTarget {
  readonly batchNorm: boolean;
  scaled(width: number): number;
}

function buildLayer(x: Feature, layer: MetaQnnLayer, { batchNorm, classes, scaled }: LayerTarget): Feature {
  switch (layer.layer) {
    case 'conv': {
      const options = { out: scaled(layer.filters), kernel: layer.kernel };
      if (batchNorm) return convNorm(x, { ...options, activation: 'relu' });
      return activation(conv2d(x, { ...options, bias: true }), 'relu');
    }
    case 'pool': {
      const [, height = 1, width = 1] = x.shape;
      const kernel = [Math.min(layer.size, height), Math.min(layer.size, width)] as const;
      return maxPool2d(x, { kernel, stride: layer.stride });
    }
    case 'fc':
      return activation(linear(vectorOf(x), { out: scaled(layer.units) }), 'relu');
    case 'gap':
      return globalAvgPool(activation(conv2d(x, { out: classes, kernel: 1, bias: true }), 'relu'));
    case 'softmax':
      return linear(vectorOf(x), { out: classes });
  }
}

const vectorOf = (x: Feature): Feature => (x.shape.length === 1 ? x : flatten(x));

function labelOf(layer: MetaQnnLayer): string {
  switch (layer.layer) {
    case 'conv':
      return `C(${layer.filters},${layer.kernel},1)`;
    case 'pool':
      return `P(${layer.size},${layer.stride})`;
    case 'fc':
      return `FC(${layer.units})`;
    case 'gap':
      return 'GAP';
    case 'softmax':
      return 'SM';
  }
}

/** For example `[C(64,3,1), P(2,2), C(128,5,1), GAP, SM]`: as the authors write chains, without the number of classes. */
const format = (chain: MetaQnnChain): string => `[${chain.map(labelOf).join(', ')}]`;

/** Numbers that a layer's letters take; those of `GAP` and `SM` are the classes. */
const NOTATION: Readonly<Record<string, (numbers: readonly number[]) => Json>> = {
  C: ([filters = 0, kernel = 0, stride = 1]) =>
    stride === 1 ? { layer: 'conv', filters, kernel } : { layer: 'conv', filters, kernel, stride },
  P: ([size = 0, stride = 0]) => ({ layer: 'pool', size, stride }),
  FC: ([units = 0]) => ({ layer: 'fc', units }),
  GAP: () => ({ layer: 'gap' }),
  SM: () => ({ layer: 'softmax' }),
};

function parse(text: string): Json[] | undefined {
  const layers = text.trim().match(/^\[?((?:[A-Z]+(?:\([\d, ]*\))?(?: ?- ?|, ?|(?=\]?$)))+)\]?$/)?.[1];
  if (layers === undefined) return undefined;
  return [...layers.matchAll(/([A-Z]+)(?:\(([\d, ]*)\))?/g)].map(([whole, letters = '', numbers = '']) => {
    const read = NOTATION[letters];
    if (read !== undefined) return read(numbers.split(',').map(Number));
    throw new UsageError(
      `"${whole.slice(0, 80)}" is no layer of MetaQNN; there are ${Object.keys(NOTATION).join(', ')}.`,
    );
  });
}

/** Networks that the authors show on the page of their project, by their error on the test images of CIFAR-10. */
const published = [
  [
    'CIFAR10_8.78',
    'C(64,5,1), C(512,3,1), C(512,1,1), C(64,1,1), C(128,5,1), P(3,2), C(512,5,1), C(512,3,1), P(5,3), SM',
  ],
  ['CIFAR10_8.88', 'C(128,5,1), C(512,3,1), P(2,2), C(128,1,1), C(128,5,1), P(3,2), C(512,3,1), SM'],
  ['CIFAR10_9.24', 'C(64,3,1), C(128,3,1), P(5,3), C(256,3,1), P(3,2), FC(512), FC(128), SM'],
].map(([name = '', chain = '']) => ({
  name,
  architecture: parse(chain),
  source: `Baker et al. 2017, page of the project: ${name.slice(-4)} % test error`,
}));
