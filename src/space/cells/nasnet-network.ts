/** @file The networks of NASNet, AmoebaNet and PNAS: one skeleton, for CIFAR-10 and for ImageNet (Zoph et al. 2018, figure 2). */

import { channelsOf, convNorm, factorizedReduction, reluConvNorm } from '../../nn/blocks/index.js';
import { type Feature, type ImageShape, scope } from '../../nn/feature.js';
import { activation, globalAvgPool, linear } from '../../nn/layers/index.js';
import { Network } from '../../nn/network.js';
import { auxiliaryHead, bothHeads } from './auxiliary-head.js';
import { type BlockCell, buildCell } from './block-cell.js';
import type { OperatorSet } from './operator.js';
import type { Stem } from './stem.js';
import { FEWEST_CELLS } from './two-reductions.js';

/** The two cells of a network. State 0 of a cell is the output of the previous cell, state 1 that of the one before it. */
export interface NasnetCells {
  readonly normal: BlockCell;
  readonly reduction: BlockCell;
}

/** Sizes of the network around the cells of NASNet. */
export interface NasnetNetworkOptions {
  readonly input: ImageShape;
  readonly classes: number;
  readonly operators: OperatorSet;
  /** F: what the operators of the first normal cells give. Each reduction doubles it. */
  readonly channels: number;
  /** Normal cells (N in all); where reductions replace them, cells of both kinds. */
  readonly cells: number;
  /**
   * Where the two reductions stand: `between` normal cells (NASNet, AmoebaNet), or `instead` of some (PNAS), which are a
   * third and two thirds through the cells.
   */
  readonly reductions?: 'between' | 'instead';
  /**
   * `cifar`: one convolution that keeps the size of the image. `imagenet`: a strided convolution without padding and two
   * reduction cells of F / 4 and F / 2, which give an eighth of it.
   */
  readonly stem: Stem;
  /** Channels of the stem's convolution. Default 3·F for `cifar`, 32 for `imagenet`. */
  readonly stemChannels?: number;
  /**
   * Whether the cell behind a reduction takes what the reduction itself had as its state 1, in place of the reduction's state
   * 0 (the released code's `skip_reduction_layer_input`). Default false.
   */
  readonly skipReductionInput?: boolean;
  /** Whether an auxiliary classifier stands before the second reduction: see `bothHeads`. Default false. */
  readonly auxiliary?: boolean;
}

export type CellKind = keyof NasnetCells;

/** Reduction k of 2 stands before normal cell floor(k · N / 3), or is cell floor(k · N / 3). */
function plan({ cells, reductions = 'between' }: NasnetNetworkOptions): CellKind[] {
  if (!(Number.isInteger(cells) && cells >= FEWEST_CELLS)) {
    throw new RangeError(`a network with two reductions needs at least ${FEWEST_CELLS} cells, not ${cells}`);
  }
  const places = [1, 2].map((k) => Math.floor((k * cells) / 3));
  return Array.from({ length: cells }, (_, index): CellKind[] => {
    if (!places.includes(index)) return ['normal'];
    return reductions === 'between' ? ['reduction', 'normal'] : ['reduction'];
  }).flat();
}

/** The network of two cells. */
export function nasnetNetwork(cells: NasnetCells, options: NasnetNetworkOptions): Network {
  const { input, classes, channels, operators, stem, skipReductionInput = false, auxiliary = false } = options;
  const kinds = plan(options);
  return Network.build(input, (image) => {
    const outputs = [stemOf(image, options)];
    const previous = (distance = 1): Feature | undefined => outputs[outputs.length - distance];
    const append = (name: string, kind: CellKind, width: number, distance = 2): void => {
      const current = previous() ?? image;
      const stride = kind === 'reduction' ? 2 : 1;
      outputs.push(
        scope(current, name, (x) =>
          buildCell(cellInputs(x, previous(distance), width), cells[kind], { channels: width, stride, operators }),
        ),
      );
    };
    if (stem === 'imagenet') {
      append('stem0', 'reduction', scaled(channels, 1 / 4));
      append('stem1', 'reduction', scaled(channels, 1 / 2));
    }
    let width = channels;
    let second: Feature | undefined;
    for (const [index, kind] of kinds.entries()) {
      if (auxiliary && index === kinds.lastIndexOf('reduction')) {
        second = auxiliaryHead(previous() ?? image, { classes });
      }
      if (kind === 'reduction') width *= 2;
      append(`cell${index}`, kind, width, skipReductionInput && kinds[index - 1] === 'reduction' ? 3 : 2);
    }
    const logits = scope(previous() ?? image, 'head', (x) =>
      linear(globalAvgPool(activation(x, 'relu')), { name: 'classifier', out: classes }),
    );
    return bothHeads(logits, second);
  });
}

/** The previous cell's output by 1×1 to the cell's channels, and the one before it at the same size and width. */
function cellInputs(current: Feature, before: Feature | undefined, out: number): [Feature, Feature] {
  const first = scope(current, 'input0', (x) => reluConvNorm(x, { out, kernel: 1 }));
  // Behind the stem there is nothing before: the first cell takes the stem's output twice, the second time as it is.
  if (before === undefined) return [first, current];
  return [first, scope(before, 'input1', (x) => aligned(x, current, out))];
}

function aligned(x: Feature, current: Feature, out: number): Feature {
  if (x.shape[1] !== current.shape[1] || x.shape[2] !== current.shape[2]) return factorizedReduction(x, { out });
  return channelsOf(x) === out ? x : reluConvNorm(x, { out, kernel: 1 });
}

const scaled = (channels: number, by: number): number => Math.max(1, Math.floor(channels * by));

function stemOf(image: Feature, { stem, channels, stemChannels }: NasnetNetworkOptions): Feature {
  return scope(image, 'stem', (x) =>
    stem === 'cifar'
      ? convNorm(x, { name: 'conv', out: stemChannels ?? 3 * channels, kernel: 3 })
      : convNorm(x, { name: 'conv', out: stemChannels ?? 32, kernel: 3, stride: 2, padding: 0 }),
  );
}
