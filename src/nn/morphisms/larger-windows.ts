/** @file Larger convolution windows of the same function: zeros around what was there (Cai et al. 2019, ProxylessNAS, for windows in one space). */
import { UsageError } from '../../error.js';
import type { Layer } from '../feature.js';
import { inheritWeights } from '../inherit.js';
import { rewrite } from '../rewrite.js';
import type { TrainedNetwork } from '../trained-network.js';
import { emptyWeights } from '../weights.js';

/** Which windows become how large. */
export interface LargerWindowOptions {
  /** Pixels along each axis. Windows that are larger, of another parity, or of one pixel stay as they are. */
  readonly window: number;
  /** Which layers. Default all. */
  readonly only?: (layer: Layer) => boolean;
}

/**
 * The network with larger windows and the same function.
 *
 * @throws {UsageError} where no layer has a window that can become so large
 */
export function largerWindows(
  trained: TrainedNetwork,
  { window, only = () => true }: LargerWindowOptions,
): TrainedNetwork {
  const { network } = trained;
  const enlarged = new Map(
    network.layers.filter(only).flatMap((layer) => {
      const attributes = layer.kind.growth?.enlarge?.(layer.attributes, window);
      return attributes === undefined ? [] : [[layer, attributes] as const];
    }),
  );
  if (enlarged.size === 0) {
    throw new UsageError(
      `No convolution has a window that can become ${window} pixels wide: give an odd number above that of its windows, which are more than one pixel wide.`,
    );
  }
  const grown = rewrite(network, (layer, { copy }) => copy(layer, enlarged.get(layer)));
  const { weights } = inheritWeights(trained, { network: grown, weights: emptyWeights(grown) });
  return { network: grown, weights };
}
