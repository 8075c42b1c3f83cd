/** @file What the blocks of a network make of noise, as AZ-NAS looks at them. */
import type { Tensor } from '../../tensor/index.js';
import { blockOutputs } from '../blocks.js';
import type { ProxyGraph } from '../graph.js';
import { keepingVariance, normalParameters } from '../normal-parameters.js';

/** The output [N, C, H, W] of each block, of a network of Kaiming weights for standard normal images, batch norms in training mode. */
export function blockFeatures(graph: ProxyGraph): Tensor[] {
  const noise = graph.draw('normal images', graph.images.shape, 'normal');
  const { features } = graph.lowered(noise, normalParameters(graph, keepingVariance));
  return blockOutputs(graph).flatMap((output) => features.get(output) ?? []);
}
