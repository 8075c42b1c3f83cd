/** @file Two-dimensional convolution. */
import { z } from 'zod';
import { conv2d as convolve } from '../../tensor/index.js';
import { type Pair, type PairLike, pair, windowCount } from '../../tensor/shape.js';
import { addLayer, type Feature, mapShape } from '../feature.js';
import { foldIntoWeights } from '../fold-affine.js';
import { inheritOverlap } from '../inherit-overlap.js';
import { kaimingNormal, zeroInitialiser } from '../initialiser.js';
import { defineLayerKind, type TensorRow } from '../layer-kind.js';
import { dilationSchema, kernelSchema, paddingSchema, sizeSchema, strideSchema } from './window.js';

const schema = z.strictObject({
  out: sizeSchema,
  kernel: kernelSchema,
  stride: strideSchema,
  padding: paddingSchema,
  dilation: dilationSchema,
  groups: sizeSchema,
  bias: z.boolean(),
});

const kind = defineLayerKind<z.infer<typeof schema>>({
  kind: 'conv2d',
  schema,
  shape([x], { out, kernel, stride, padding, dilation, groups }) {
    const [channels, height, width] = mapShape(x);
    if (channels % groups !== 0 || out % groups !== 0) {
      throw new RangeError(
        `its ${channels} input and ${out} output channels must be whole multiples of its groups (${groups})`,
      );
    }
    return [
      out,
      windowCount(height, kernel[0], stride[0], 2 * padding[0], dilation[0]),
      windowCount(width, kernel[1], stride[1], 2 * padding[1], dilation[1]),
    ];
  },
  parameters([x], { out, kernel, groups, bias }) {
    const [channels] = mapShape(x);
    const [height, width] = kernel;
    const weight: TensorRow = {
      name: 'weight',
      shape: [out, channels / groups, height, width],
      initial: kaimingNormal((out / groups) * height * width),
    };
    return bias ? [weight, { name: 'bias', shape: [out], initial: zeroInitialiser }] : [weight];
  },
  macs([x], { kernel, groups }, output) {
    const [channels] = mapShape(x);
    return output.reduce((product, size) => product * size, (channels / groups) * kernel[0] * kernel[1]);
  },
  channelwise: ([x], { out, groups }) => groups === out && groups === x.shape[0],
  lower({ inputs: [x], attributes: { stride, padding, dilation, groups, bias }, parameter }) {
    return convolve(x, parameter('weight'), {
      stride,
      padding,
      dilation,
      groups,
      ...(bias && { bias: parameter('bias') }),
    });
  },
  foldAffine: foldIntoWeights,
  // A smaller window is the middle of a larger one (Cai et al. 2020, section 3.3).
  inherit: (from, to) => inheritOverlap(from, to, [2, 3]),
});

/** Sizes of a convolution, in pixels and channels. */
export interface Conv2dOptions {
  readonly name?: string;
  /** Output channels. */
  readonly out: number;
  /** Height and width of the window. */
  readonly kernel: PairLike;
  /** Default 1. */
  readonly stride?: PairLike;
  /** Zeros on each side. Default `same`: half the kernel times the dilation, which keeps the size for odd kernels at stride 1. */
  readonly padding?: PairLike | 'same';
  /** Default 1. */
  readonly dilation?: PairLike;
  /** Default 1; as many as channels makes it depthwise. */
  readonly groups?: number;
  /** Default false, since batch norm mostly follows. */
  readonly bias?: boolean;
}

/**
 * Convolves [C, H, W] to [out, H′, W′], H′ = floor((H + 2·padding − dilation·(kernel − 1) − 1) / stride) + 1.
 * Weights start normal with variance 2 / fan-out (He et al. 2015), biases at 0.
 */
export function conv2d(x: Feature, options: Conv2dOptions): Feature {
  const { out, padding = 'same', groups = 1, bias = false } = options;
  const kernel = pair(options.kernel);
  const stride = pair(options.stride ?? 1);
  const dilation = pair(options.dilation ?? 1);
  const attributes = {
    out,
    kernel,
    stride,
    padding: padding === 'same' ? samePadding(kernel, dilation) : pair(padding),
    dilation,
    groups,
    bias,
  };
  return addLayer(kind, [x], attributes, options.name);
}

const samePadding = (kernel: Pair, dilation: Pair): Pair => [
  Math.floor(kernel[0] / 2) * dilation[0],
  Math.floor(kernel[1] / 2) * dilation[1],
];
