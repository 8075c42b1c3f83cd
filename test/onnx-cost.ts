/** @file Whether an exported file contains what its network claims to cost. */
import { expect } from 'vitest';
import { nodeEngine } from '../src/engine/node-engine.js';
import { exportOnnx } from '../src/nn/export.js';
import type { Network } from '../src/nn/network.js';
import { initialWeights, type Weights } from '../src/nn/weights.js';
import { countOnnx } from '../src/onnx-cost/count.js';

/** Weights no two of which are equal, as after training: equal constants would be written once. */
export function trainedWeights(network: Network): Weights {
  const { parameters, statistics } = initialWeights(network, 1);
  return {
    parameters: parameters.map((_, index) => (index % 8191) * 1e-5 + index * 1e-9),
    statistics: statistics.map((_, index) => 1 + index * 1e-4),
  };
}

/** Parameters and MACs, counted by running the exported file, are the network's. */
export async function expectSameCostInOnnx(network: Network): Promise<void> {
  const { channels } = network.input;
  const normalization = { mean: Array<number>(channels).fill(120), std: Array<number>(channels).fill(60) };
  const file = exportOnnx(network, trainedWeights(network), { normalization, foldBatchNorm: false });
  const { params, macs } = await countOnnx(nodeEngine(), file);
  expect({ params, macs }).toEqual({ params: network.cost().params, macs: network.cost().macs });
}
