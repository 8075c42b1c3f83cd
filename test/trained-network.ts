/** @file Networks with numbers as after training: no two channels alike. */
import type { Network } from '../src/nn/network.js';
import type { TrainedNetwork } from '../src/nn/trained-network.js';
import { initialWeights, tensorViews } from '../src/nn/weights.js';
import { Random } from '../src/random.js';

/** Scales and variances between 1/2 and 3/2; shifts, means and biases normal around 0; the rest as training starts. */
export function trainedNetwork(network: Network, seed: number): TrainedNetwork {
  const random = new Random(seed);
  const weights = initialWeights(network, seed);
  for (const [name, view] of [
    ...tensorViews(network.parameters, weights.parameters),
    ...tensorViews(network.statistics, weights.statistics),
  ]) {
    if (/\.(scale|variance)$/.test(name)) for (const index of view.keys()) view[index] = 0.5 + random.uniform();
    if (/\.(shift|mean|bias)$/.test(name)) for (const index of view.keys()) view[index] = 0.2 * random.normal();
  }
  return { network, weights };
}
