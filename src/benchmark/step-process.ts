/** @file The child process that times training steps of one network: it hears what to train and answers with times. */

import { blockSize } from '../engine/blocked-kernels.js';
import { nodeEngine } from '../engine/node-engine.js';
import { Network } from '../nn/network.js';
import { initialWeights } from '../nn/weights.js';
import { Random } from '../random.js';
import { sgd } from '../tensor/index.js';
import { Trainer } from '../training/trainer.js';
import type { StepReport, StepRequest } from './step-times.js';

const LEARNING_RATE = 0.05;
const WARMUP_STEPS = 3;

const engine = nodeEngine();

process.on('disconnect', () => process.exit(0));
process.on('message', (request: StepRequest) => {
  void timeSteps(request).then((report) => process.send?.(report));
});

async function timeSteps({ network: json, batch: batchSize, threads, steps }: StepRequest): Promise<StepReport> {
  const blocks = await blockSize(engine);
  const began = performance.now();
  const network = Network.fromJson(json);
  const { channels, height, width } = network.input;
  const [classes = 1] = network.outputShape;
  const random = new Random(0);
  const trainer = await Trainer.create(engine, network, initialWeights(network, 0), {
    batchSize,
    optimizer: sgd({ momentum: 0.9 }),
    normalization: { mean: new Array(channels).fill(128), std: new Array(channels).fill(64) },
    blocks,
    threads,
    noise: random.stream('noise'),
  });
  const preparation = performance.now() - began;
  const batch = {
    pixels: Float32Array.from({ length: batchSize * channels * height * width }, () => random.integer(256)),
    labels: Int32Array.from({ length: batchSize }, (_, index) => index % classes),
  };
  const times: number[] = [];
  for (let step = 0; step < WARMUP_STEPS + steps; step++) {
    const start = performance.now();
    await trainer.step(batch, LEARNING_RATE);
    times.push(performance.now() - start);
  }
  await trainer.release();
  return {
    preparation,
    times: times.slice(WARMUP_STEPS),
    // Node counts in kibibytes.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}
