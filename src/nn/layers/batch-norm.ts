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
import { inheritOverlap } from '../inherit-overlap.js';
import { oneInitialiser, zeroInitialiser } from '../initialiser.js';
import { defineLayerKind } from '../layer-kind.js';

const schema = z.strictObject({
  epsilon: z.number().positive(),
  momentum: z.number().min(0).max(1),
  affine: z.boolean(),
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
    const array = (name: string): Float32Array => arrays.get(name) ?? new Float32Array();
    const [mean, variance] = [array('mean'), array('variance')];
    const scale = mean.map((_, channel) => {
      return (affine ? (array('scale')[channel] ?? 1) : 1) / Math.sqrt((variance[channel] ?? 1) + epsilon);
    });
    const shift = mean.map(
      (value, channel) => (affine ? (array('shift')[channel] ?? 0) : 0) - value * (scale[channel] ?? 1),
    );
    return { scale, shift };
  },
  inherit: inheritOverlap,
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
