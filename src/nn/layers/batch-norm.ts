/** @file Batch normalisation (Ioffe and Szegedy 2015). */
import { z } from 'zod';
import {
  batchNormInference,
  batchNorm as batchNormTraining,
  channelSize,
  fill,
  unbiasedFactor,
} from '../../tensor/index.js';
import { addLayer, type Feature } from '../feature.js';
import { inheritChannels } from '../inherit-channels.js';
import { oneInitialiser, zeroInitialiser } from '../initialiser.js';
import { defineLayerKind, type LayerArrays } from '../layer-kind.js';
import { sameChannels } from '../shared-growth.js';

const schema = z.strictObject({
  epsilon: z.number().positive(),
  momentum: z.number().min(0).max(1),
  affine: z.boolean(),
});

const running = (arrays: LayerArrays) => ({
  mean: arrays.get('mean') ?? new Float32Array(),
  variance: arrays.get('variance') ?? new Float32Array(),
});

const kind = defineLayerKind<z.infer<typeof schema>>({
  kind: 'batchNorm',
  schema,
  memory: 'in-place',
  shape: ([x]) => x.shape,
  parameters([x], { affine }) {
    if (!affine) return [];
    const shape = x.shape.slice(0, 1);
    return [
      { name: 'scale', shape, initial: oneInitialiser },
      { name: 'shift', shape, initial: zeroInitialiser },
    ];
  },
  statistics([x]) {
    const shape = x.shape.slice(0, 1);
    return [
      { name: 'mean', shape, initial: zeroInitialiser },
      { name: 'variance', shape, initial: oneInitialiser },
    ];
  },
  lower({ mode, inputs: [x], attributes: { epsilon, momentum, affine }, parameter, statistic, observe }) {
    if (mode === 'flow') return x;
    const channels = x.shape[1] ?? 1;
    const scale = affine ? parameter('scale') : fill([channels], 1);
    const shift = affine ? parameter('shift') : fill([channels], 0);
    if (mode === 'inference') {
      return batchNormInference(x, scale, shift, statistic('mean'), statistic('variance'), { epsilon });
    }
    const { y, mean, variance } = batchNormTraining(x, scale, shift, { epsilon });
    // The running variance estimates the population's, as in PyTorch.
    observe('mean', { value: mean, factor: 1, momentum });
    observe('variance', { value: variance, factor: unbiasedFactor(channelSize(x)), momentum });
    return y;
  },
  inferenceAffine({ epsilon, affine }, arrays) {
    const { mean, variance } = running(arrays);
    const scale = mean.map((_, channel) => {
      return (affine ? (arrays.get('scale')?.[channel] ?? 1) : 1) / Math.sqrt((variance[channel] ?? 1) + epsilon);
    });
    const shift = mean.map(
      (value, channel) => (affine ? (arrays.get('shift')?.[channel] ?? 0) : 0) - value * (scale[channel] ?? 1),
    );
    return { scale, shift };
  },
  growth: {
    sources: sameChannels,
    inherit: inheritChannels,
    identity({ attributes: { epsilon, affine }, arrays }) {
      const { mean, variance } = running(arrays);
      // Without scale and shift only a variance of 1 − ε around 0 does nothing.
      if (!affine)
        return new Map([
          ['mean', mean.map(() => 0)],
          ['variance', variance.map(() => 1 - epsilon)],
        ]);
      return new Map([
        ['scale', variance.map((value) => Math.sqrt(value + epsilon))],
        ['shift', mean],
      ]);
    },
    silence({ attributes: { affine }, arrays }) {
      if (!affine) return undefined;
      const zeros = running(arrays).mean.map(() => 0);
      return new Map([
        ['scale', zeros],
        ['shift', zeros],
      ]);
    },
  },
});

/** How a batch norm keeps its statistics and begins. */
export interface BatchNormOptions {
  readonly name?: string;
  /** Added to the variance. Default 1e-5 (PyTorch). */
  readonly epsilon?: number;
  /** Weight of the newest batch in the running statistics. Default 0.1 (PyTorch). */
  readonly momentum?: number;
  /** Whether a trained scale and shift follow. Default true; DARTS searches without. */
  readonly affine?: boolean;
}

/**
 * Normalises every channel of [C, H, W] or [C] by the batch's mean and variance in training and by running ones in inference.
 * Running statistics are no parameters. Scale starts at 1, shift at 0.
 */
export function batchNorm(x: Feature, options: BatchNormOptions = {}): Feature {
  const { epsilon = 1e-5, momentum = 0.1, affine = true } = options;
  return addLayer(kind, [x], { epsilon, momentum, affine }, options.name);
}
