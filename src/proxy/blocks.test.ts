/** @file Blocks are what was built within one outermost scope, or what begins with a layer of weights. */
import { expect, test } from 'vitest';
import { activation, add, conv2d, type Feature, globalAvgPool, linear, Network, scope } from '../nn/index.js';
import { initialWeights } from '../nn/weights.js';
import { blockOutputs } from './blocks.js';
import { ProxyGraph } from './graph.js';

const image = { channels: 3, height: 8, width: 8 };
const outputsOf = (build: (image: Feature) => Feature): string[] => {
  const network = Network.build(image, build);
  return blockOutputs(new ProxyGraph(network, 2, () => initialWeights(network, 0))).map(({ name }) => name);
};
const conv = (x: Feature): Feature => conv2d(x, { out: 4, kernel: 3 });
const classifier = (x: Feature): Feature => linear(globalAvgPool(x), { out: 2 });

test('of scopes, also where a block reads several others, and without the classifier', () => {
  const found = outputsOf((x) => {
    const stem = scope(x, 'stem', (y) => activation(conv(y), 'relu'));
    const cell = scope(stem, 'cell0', (y) => add([scope(y, 'edge', conv), y], { name: 'sum' }));
    const last = scope(cell, 'cell1', (y) => add([conv(y), scope(stem, 'input0', conv)], { name: 'sum' }));
    return scope(last, 'head', (y) => classifier(activation(y, 'relu')));
  });
  expect(found).toEqual(['stem.relu', 'cell0.sum', 'cell1.sum']);
});

test('of layers without scopes', () => {
  const found = outputsOf((x) => classifier(activation(conv(activation(conv(x), 'relu')), 'tanh')));
  expect(found).toEqual(['relu', 'tanh']);
});
