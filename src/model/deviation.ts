/** @file How far two networks compute the same: both are run on the same random images. */
import type { Engine } from '../engine/engine.js';
import type { TrainedNetwork } from '../nn/trained-network.js';
import { Random } from '../random.js';
import { Classifier } from '../training/classifier.js';

const IMAGES = 4;

/**
 * The largest difference between the logits of two networks for the same input, on four images of normal noise, over the
 * largest logit where that is above 1: float32 has as many digits for large numbers.
 */
export async function deviationBetween(
  engine: Engine,
  [before, after]: readonly [TrainedNetwork, TrainedNetwork],
  seed = 0,
): Promise<number> {
  const { channels, height, width } = before.network.input;
  const random = new Random(seed);
  const images = Float32Array.from({ length: IMAGES * channels * height * width }, () => random.normal());
  const [expected, found] = [await logitsOf(engine, before, images), await logitsOf(engine, after, images)];
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return expected.reduce(
    (most, value, index) => Math.max(most, Math.abs(value - (found[index] ?? Number.NaN)) / largest),
    0,
  );
}

async function logitsOf(engine: Engine, { network, weights }: TrainedNetwork, images: Float32Array): Promise<number[]> {
  const ones = new Array<number>(network.input.channels).fill(1);
  const normalization = { mean: ones.map(() => 0), std: ones };
  const classifier = await Classifier.create(engine, network, { batchSize: IMAGES, threads: 1, normalization });
  try {
    return Array.from(await classifier.logits(weights, images));
  } finally {
    await classifier.release();
  }
}
