/** @file One graph serves trainings that differ in weights and images only. */
import { expect, test } from 'vitest';
import { convNorm } from '../nn/blocks/index.js';
import { globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { adam, sgd } from '../tensor/index.js';
import { crossEntropy } from './loss.js';
import { inferenceGraph, trainingGraph } from './training-graph.js';

const network = (out: number): Network =>
  Network.build({ channels: 1, height: 4, width: 4 }, (image) =>
    linear(globalAvgPool(convNorm(image, { out, kernel: 3 })), { out: 2 }),
  );

test('equal networks and settings share a graph', () => {
  const options = { batchSize: 2, optimizer: sgd({ momentum: 0.9 }) };
  const graph = trainingGraph(network(3), options);
  expect(trainingGraph(network(3), { ...options, optimizer: sgd({ momentum: 0.9 }) })).toBe(graph);
  expect(inferenceGraph(network(3), { batchSize: 2 })).toBe(inferenceGraph(network(3), { batchSize: 2 }));
});

test('another network, batch, optimiser, setting or layout has a graph of its own', () => {
  const options = { batchSize: 2, optimizer: sgd({ momentum: 0.9 }) };
  const graphs = [
    trainingGraph(network(3), options),
    trainingGraph(network(4), options),
    trainingGraph(network(3), { ...options, batchSize: 3 }),
    trainingGraph(network(3), { ...options, optimizer: sgd({ momentum: 0.8 }) }),
    trainingGraph(network(3), { ...options, optimizer: adam() }),
    trainingGraph(network(3), { ...options, optimizer: adam({ beta1: 0.5 }) }),
    trainingGraph(network(3), { ...options, terms: [crossEntropy({ labelSmoothing: 0.1 })] }),
    trainingGraph(network(3), { ...options, clipNorm: 1 }),
    trainingGraph(network(3), { ...options, blocks: 16 }),
  ];
  expect(new Set(graphs.map(({ model }) => Buffer.from(model).toString('base64'))).size).toBe(graphs.length);
});

test('the graphs that were used longest ago are forgotten', () => {
  const options = { batchSize: 2, optimizer: sgd() };
  const [first, used] = [trainingGraph(network(1), options), trainingGraph(network(2), options)];
  for (let out = 3; out < 21; out++) {
    trainingGraph(network(out), options);
    expect(trainingGraph(network(2), options)).toBe(used);
  }
  expect(trainingGraph(network(1), options)).not.toBe(first);
});
