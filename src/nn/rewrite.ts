/** @file A network built again, with some of its layers made otherwise. */
import type { Feature, Features, Layer } from './feature.js';
import { Network } from './network.js';

/** A network that is being built again from another one. */
export interface Rewriting {
  readonly image: Feature;
  /** What stands for a feature of the other network, which must have come before. */
  now(before: Feature): Feature;
  /** The layer under its name, made of what now stands for its inputs. */
  copy(layer: Layer, attributes?: Layer['attributes']): Feature;
}

/**
 * The network that has what `make` gives in place of each layer; layers come in their order.
 *
 * @param output the layer that is the output; that of the network by default
 * @throws {UsageError} where shapes do not fit
 */
export const rewrite = (
  network: Network,
  make: (layer: Layer, rewriting: Rewriting) => Feature,
  output: Feature = network.output,
): Network =>
  Network.build(network.input, (image) => {
    const features = new Map<Feature, Feature>([[network.image, image]]);
    const now = (before: Feature): Feature => features.get(before) ?? image;
    const copy: Rewriting['copy'] = (
      { kind, inputs: [first, ...others], name, ...layer },
      attributes = layer.attributes,
    ) => {
      const inputs: Features = [now(first), ...others.map(now)];
      return image.graph.add(kind, inputs, attributes, name);
    };
    for (const layer of network.layers) features.set(layer, make(layer, { image, now, copy }));
    return now(output);
  });
