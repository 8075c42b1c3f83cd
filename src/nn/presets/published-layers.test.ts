/** @file Presets have the activations, batch norms and map sizes that were published, which costs do not show. */
import { expect, test } from 'vitest';
import type { Network } from '../network.js';
import { presets } from './index.js';

function built(name: string): Network {
  const preset = presets[name];
  if (preset === undefined) throw new Error(`no preset ${name}`);
  return preset.build(preset);
}

test.each([
  // Modules of torchvision's models, counted; of DenseNet 2 a layer, 1 a transition, and the stem's and the last one.
  ['vgg16_bn', { relu: 13 + 2 }],
  ['resnet50', { relu: 1 + 16 * 3 }],
  ['squeezenet1_1', { relu: 1 + 8 * 3 + 1 }],
  ['densenet121', { relu: 58 * 2 + 3 + 2 }],
  ['mobilenet_v2', { relu6: 1 + 1 + 16 * 2 + 1 }],
  // Six blocks with ReLU, the first without expansion, nine with hard-swish; eight have a gate, which has a ReLU of its own.
  ['mobilenet_v3_large', { relu: 1 + 5 * 2 + 8, 'hard-swish': 1 + 9 * 2 + 2, 'hard-sigmoid': 8 }],
  ['efficientnet_b0', { silu: 1 + 1 + 15 * 2 + 16 + 1, sigmoid: 16 }],
  ['regnet_x_400mf', { relu: 1 + 22 * 3 }],
  ['regnet_y_400mf', { relu: 1 + 16 * 3 + 16, sigmoid: 16 }],
])('%s has the activations of torchvision', (name, expected) => {
  const counts: { [activation: string]: number } = {};
  for (const { kind, attributes } of built(name).layers) {
    if (kind.kind !== 'activation') continue;
    const activation = String(attributes.function);
    counts[activation] = (counts[activation] ?? 0) + 1;
  }
  expect(counts).toEqual(expected);
});

test.each([
  // torchvision's defaults, and what it sets for MobileNetV3; the others as their authors' code has them. Momentum is that of
  // the new statistics: 0.01 is TensorFlow's 0.99.
  ['resnet50', 1e-5, 0.1],
  ['mobilenet_v2', 1e-5, 0.1],
  ['regnet_y_400mf', 1e-5, 0.1],
  ['mobilenet_v3_large', 1e-3, 0.01],
  ['mnasnet_a1', 1e-3, 0.01],
  ['efficientnet_b0', 1e-3, 0.01],
  ['proxylessnas_mobile', 1e-3, 0.1],
  ['ofa_mbv3_max', 1e-5, 0.1],
])('%s normalises with an epsilon of %f and a momentum of %f everywhere', (name, epsilon, momentum) => {
  const norms = built(name).layers.flatMap(({ kind, attributes }) => (kind.kind === 'batchNorm' ? [attributes] : []));
  expect(norms.length).toBeGreaterThan(40);
  for (const norm of norms) expect(norm).toMatchObject({ epsilon, momentum });
});

test.each([
  ['alexnet', [55, 27, 13, 6, 1]],
  ['resnet50', [112, 56, 28, 14, 7, 1]],
  ['vgg16_bn', [224, 112, 56, 28, 14, 7, 1]],
  ['squeezenet1_1', [111, 55, 27, 13, 1]],
  ['densenet121', [112, 56, 28, 14, 7, 1]],
  ['mobilenet_v2', [112, 56, 28, 14, 7, 1]],
  ['mobilenet_v3_large', [112, 56, 28, 14, 7, 1]],
  ['efficientnet_b0', [112, 56, 28, 14, 7, 1]],
  ['regnet_y_400mf', [112, 56, 28, 14, 7, 1]],
])('%s shrinks an image of 224×224 as published', (name, sides) => {
  const found = built(name).layers.flatMap(({ shape: [, side = 1] }) => [side]);
  const falling = [...new Set(found)].sort((a, b) => b - a);
  expect(falling).toEqual(sides);
});
