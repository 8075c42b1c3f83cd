/** @file The network of a reference training run, and its recipe: sizes from the weights, the rest from the file's note. */
import { type Feature, Network, scope } from '../nn/index.js';
import { activation, add, batchNorm, conv2d, globalAvgPool, linear, multiply } from '../nn/layers/index.js';
import type { ReferenceArray, TrainingCase } from './reference.js';

/** What the arrays do not tell. */
export interface TrainingRecipe {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;
  /** Of the depthwise convolution of each block; where none is named, blocks that change the width have 2. */
  readonly strides: readonly number[];
}

/** Reads `… k3 s1 …` of each block and `SGD lr .05 momentum .9 weight decay 3e-4, no Nesterov`, the recipe's defaults. */
export function recipeOf(note: string): TrainingRecipe {
  const optimizer = note.slice(Math.max(note.search(/\bSGD\b/), 0));
  const number = (name: string, otherwise: number): number => {
    const found = new RegExp(`\\b${name}\\s+([-+.\\de]*\\d)`, 'i').exec(optimizer)?.[1];
    return found === undefined ? otherwise : Number(found);
  };
  return {
    learningRate: number('lr', 0.05),
    momentum: number('momentum', 0.9),
    weightDecay: number('weight decay', 3e-4),
    nesterov: /nesterov/i.test(note) && !/\b(no|without) nesterov/i.test(note),
    strides: [...note.matchAll(/\bk\d+ s(\d+)\b/g)].map(([, stride]) => Number(stride)),
  };
}

/**
 * Stem 3×3 – inverted residuals, with squeeze-and-excite where there are `fc1` and `fc2` – global average pool – linear.
 *
 * @throws {RangeError} where a weight is missing
 * @throws {UsageError} where sizes do not fit each other
 */
export function trainingNetwork({ initial, batches }: TrainingCase, { strides }: TrainingRecipe): Network {
  const [, channels = 0, height = 0, width = 0] = batches[0]?.x.shape ?? [];
  return Network.build({ channels, height, width }, (image) => {
    let x = convolve(image, initial, 'stem');
    x = activation(batchNorm(x, { name: 'bn' }), 'relu');
    for (let index = 1; `block${index}.dw.weight` in initial; index++) {
      x = invertedResidual(x, initial, `block${index}`, strides[index - 1]);
    }
    return linear(globalAvgPool(x), { name: 'head', out: outputsOf(initial, 'head') });
  });
}

function invertedResidual(x: Feature, initial: TrainingCase['initial'], block: string, named?: number): Feature {
  const out = outputsOf(initial, `${block}.project`);
  const stride = named ?? (out === x.shape[0] ? 1 : 2);
  const y = scope(x, block, (input) => {
    let inner = input;
    if (`${block}.expand.weight` in initial) {
      inner = convolve(inner, initial, 'expand', block);
      inner = activation(batchNorm(inner, { name: 'bn1' }), 'hard-swish');
    }
    inner = convolve(inner, initial, 'dw', block, { stride, groups: outputsOf(initial, `${block}.dw`) });
    inner = activation(batchNorm(inner, { name: 'bn2' }), 'hard-swish');
    if (`${block}.fc1.weight` in initial) {
      const squeezed = linear(globalAvgPool(inner), { name: 'fc1', out: outputsOf(initial, `${block}.fc1`) });
      const restored = linear(activation(squeezed, 'relu'), { name: 'fc2', out: outputsOf(initial, `${block}.fc2`) });
      inner = multiply(inner, activation(restored, 'hard-sigmoid'));
    }
    inner = convolve(inner, initial, 'project', block);
    return batchNorm(inner, { name: 'bn3' });
  });
  return stride === 1 && out === x.shape[0] ? add([y, x]) : y;
}

function convolve(
  x: Feature,
  initial: TrainingCase['initial'],
  name: string,
  block?: string,
  options: { readonly stride?: number; readonly groups?: number } = {},
): Feature {
  const [out = 0, , kernelHeight = 0, kernelWidth = 0] = weightOf(initial, block ? `${block}.${name}` : name).shape;
  return conv2d(x, { name, out, kernel: [kernelHeight, kernelWidth], ...options });
}

const outputsOf = (initial: TrainingCase['initial'], layer: string): number => weightOf(initial, layer).shape[0] ?? 0;

function weightOf(initial: TrainingCase['initial'], layer: string): ReferenceArray {
  const weight = initial[`${layer}.weight`];
  if (weight === undefined) throw new RangeError(`the initial weights have no "${layer}.weight"`);
  return weight;
}
