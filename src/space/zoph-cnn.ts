/** @file The space of the first controller (Zoph and Le 2017): convolutions layer by layer, each with any earlier ones as inputs. */
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import { convNorm } from '../nn/blocks/index.js';
import { type Feature, scope } from '../nn/feature.js';
import { concat, globalAvgPool, linear, pad2d } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { ArchitectureGraph } from './architecture-graph.js';
import { graphHash } from './cells/graph-hash.js';
import { bool, ordinal } from './decisions/choice.js';
import { object } from './decisions/product.js';
import { repeat } from './decisions/repeat.js';
import { defineSpace, type SearchSpace, targetImage } from './space.js';

/** A convolution; `from[j]` says whether it takes the output of layer j. */
export type ZophLayer = {
  readonly height: number;
  readonly width: number;
  readonly filters: number;
  readonly stride: number;
  readonly from: readonly boolean[];
};

/** An architecture of the space: its layers, each with its skip connections. */
export type ZophArchitecture = readonly ZophLayer[];

/** What the space `zoph-cnn` may be made with. */
export interface ZophCnnOptions {
  /** How many layers. Default 6 to 15: the paper begins with 6 and adds two after every 1,600 samples, up to 15. */
  readonly layers?: number | { readonly min: number; readonly max: number };
  /** Strides to choose from. Default only 1; the paper's second experiment has 1, 2 and 3. */
  readonly strides?: readonly number[];
}

/** Section 4.1 of the paper. */
const SIDES = [1, 3, 5, 7];
const FILTERS = [24, 36, 48, 64];

/** The space with the paper's choices of filters. */
export function zophCnn({
  layers = { min: 6, max: 15 },
  strides = [1],
}: ZophCnnOptions = {}): SearchSpace<ZophArchitecture> {
  const decisions = repeat(
    (position) =>
      object({
        height: ordinal(SIDES),
        width: ordinal(SIDES),
        filters: ordinal(FILTERS),
        stride: ordinal(strides),
        from: repeat(bool(), position),
      }),
    layers,
  );
  return defineSpace({
    name: 'zoph-cnn',
    title: 'Convolutions with skip connections',
    paper: 'Zoph and Le, Neural Architecture Search with Reinforcement Learning, ICLR 2017',
    description:
      'Convolutions of any height, width and number of filters. Each takes the outputs of any earlier layers, ' +
      'concatenated, or the image if it takes none; outputs that no layer takes go to the classifier together. ' +
      'L layers of stride 1 are 64^L times 2^(L(L-1)/2) architectures.',
    decisions,
    notations: [
      {
        name: 'layers',
        description:
          'height, width, filters, stride unless 1, and the layers that a layer takes, such as 3x3_36, 5x7_48_s2<0, 1x1_24<0+1',
        parse,
        format,
      },
    ],
    canonical: (architecture) => graphHash(layerGraph(architecture)),
    graph: layerGraph,
    build(architecture, target) {
      const { widthMultiplier = 1 } = target;
      return Network.build(targetImage(target), (image) => {
        const outputs: Feature[] = [];
        for (const [index, { height, width, filters, stride, from }] of architecture.entries()) {
          const taken = outputs.filter((_, layer) => from[layer]);
          const layer = scope(image, `layer${index}`, () =>
            convNorm(joined(taken.length > 0 ? taken : [image]), {
              out: Math.max(1, Math.round(filters * widthMultiplier)),
              kernel: [height, width],
              stride,
              activation: 'relu',
            }),
          );
          outputs.push(layer);
        }
        const ends = outputs.filter((_, layer) => !isTaken(architecture, layer));
        return scope(image, 'head', () =>
          linear(globalAvgPool(joined(ends)), { name: 'classifier', out: target.classes }),
        );
      });
    },
  });
}

const isTaken = (architecture: ZophArchitecture, layer: number): boolean =>
  architecture.some(({ from }) => from[layer]);

/** The features concatenated, the smaller ones padded with zeros to the largest (section 3.3). */
function joined(features: readonly Feature[]): Feature {
  const side = (axis: number) => Math.max(...features.map(({ shape }) => shape[axis] ?? 1));
  const padded = features.map((x) => {
    const [bottom, right] = [side(1) - (x.shape[1] ?? 1), side(2) - (x.shape[2] ?? 1)];
    return bottom === 0 && right === 0 ? x : pad2d(x, { bottom, right });
  });
  const [only, ...others] = padded;
  return only !== undefined && others.length === 0 ? only : concat(padded);
}

/** From the image over the layers to the classifier. */
const layerGraph = (architecture: ZophArchitecture): ArchitectureGraph => [
  { label: 'image', inputs: [] },
  ...architecture.map((layer) => {
    const taken = layersIn(layer.from);
    return { label: formatConvolution(layer), inputs: taken.length > 0 ? taken.map((index) => index + 1) : [0] };
  }),
  {
    label: 'classifier',
    inputs: [...architecture.keys()].filter((layer) => !isTaken(architecture, layer)).map((layer) => layer + 1),
  },
];

/** The layers that a layer takes. */
const layersIn = (from: readonly boolean[]): number[] => from.flatMap((isInput, layer) => (isInput ? [layer] : []));

const formatConvolution = ({ height, width, filters, stride }: ZophLayer): string =>
  `${height}x${width}_${filters}${stride === 1 ? '' : `_s${stride}`}`;

/** For example `3x3_36, 5x7_48_s2<0, 1x1_24<0+1`: height, width, filters, stride unless 1, and the layers that it takes. */
const format = (architecture: ZophArchitecture): string =>
  architecture
    .map((layer) => {
      const taken = layersIn(layer.from);
      return `${formatConvolution(layer)}${taken.length > 0 ? `<${taken.join('+')}` : ''}`;
    })
    .join(', ');

function parse(text: string): Json | undefined {
  if (!/^\s*\d+x/.test(text)) return undefined;
  return text.split(',').map((layer, index) => parseLayer(layer.trim(), index));
}

function parseLayer(text: string, index: number): Json {
  const [, height, width, filters, stride = '1', inputs = ''] =
    /^(\d+)x(\d+)_(\d+)(?:_s(\d+))?(?:<(\d+(?:\+\d+)*))?$/.exec(text) ?? [];
  if (filters === undefined) {
    throw new UsageError(
      `Layer ${index}, "${text.slice(0, 80)}", is no layer of the space "zoph-cnn"; an example of one is "5x7_48<0+2".`,
    );
  }
  const taken = inputs === '' ? [] : inputs.split('+').map(Number);
  const later = taken.find((layer) => layer >= index);
  if (later !== undefined) {
    throw new UsageError(
      `Layer ${index}, "${text.slice(0, 80)}", takes layer ${later}, which does not come before it.`,
    );
  }
  return {
    height: Number(height),
    width: Number(width),
    filters: Number(filters),
    stride: Number(stride),
    from: Array.from({ length: index }, (_, layer) => taken.includes(layer)),
  };
}
