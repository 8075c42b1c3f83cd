/** @file What networks give for random images: how far two compute the same, and what the channels inside one are like. */
import type { Engine } from '../engine/engine.js';
import { inheritWeights } from '../nn/inherit.js';
import type { Moments } from '../nn/morphisms/index.js';
import { rewrite } from '../nn/rewrite.js';
import type { TrainedNetwork } from '../nn/trained-network.js';
import { emptyWeights } from '../nn/weights.js';
import { Random } from '../random.js';
import { Classifier } from '../training/classifier.js';

/** Images for a comparison, and for statistics, which need more. */
const COMPARED = 4;
const MEASURED = 16;

/**
 * The largest difference between the logits of two networks for the same input, on four images of normal noise, over the
 * largest logit where that is above 1: float32 has as many digits for large numbers.
 */
export async function deviationBetween(
  engine: Engine,
  [before, after]: readonly [TrainedNetwork, TrainedNetwork],
  seed = 0,
): Promise<number> {
  const expected = await outputOf(engine, before, { images: COMPARED, seed });
  const found = await outputOf(engine, after, { images: COMPARED, seed });
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (found[index] ?? Number.NaN)) / largest),
    0,
  );
}

/**
 * Mean and variance of each channel that a layer gives, over images of normal noise, as normalised images are on average.
 *
 * @throws {RangeError} where there is no layer of this name
 */
export async function momentsOf(engine: Engine, trained: TrainedNetwork, name: string, seed = 0): Promise<Moments> {
  const place = trained.network.layers.find((layer) => layer.name === name);
  if (place === undefined) throw new RangeError(`the network has no layer "${name}"`);
  const network = rewrite(trained.network, (layer, { copy }) => copy(layer), place);
  const { weights } = inheritWeights(trained, { network, weights: emptyWeights(network) });
  const values = await outputOf(engine, { network, weights }, { images: MEASURED, seed });
  const [channels = 1] = place.shape;
  const size = place.elements / channels;
  const mean = new Float32Array(channels);
  const variance = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const own = Array.from({ length: MEASURED * size }, (_, index) => {
      const image = Math.floor(index / size);
      return values[(image * channels + channel) * size + (index % size)] ?? 0;
    });
    const average = own.reduce((sum, value) => sum + value, 0) / own.length;
    mean[channel] = average;
    variance[channel] = own.reduce((sum, value) => sum + (value - average) ** 2, 0) / own.length;
  }
  return { mean, variance };
}

/** What the network gives for images of normal noise. */
async function outputOf(
  engine: Engine,
  { network, weights }: TrainedNetwork,
  { images, seed }: { readonly images: number; readonly seed: number },
): Promise<number[]> {
  const { channels, height, width } = network.input;
  const random = new Random(seed);
  const pixels = Float32Array.from({ length: images * channels * height * width }, () => random.normal());
  const ones = new Array<number>(channels).fill(1);
  const normalization = { mean: ones.map(() => 0), std: ones };
  const classifier = await Classifier.create(engine, network, { batchSize: images, threads: 1, normalization });
  try {
    return Array.from(await classifier.logits(weights, pixels));
  } finally {
    await classifier.release();
  }
}
