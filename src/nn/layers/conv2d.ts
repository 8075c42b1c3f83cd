/** @file Two-dimensional convolution. */
import { z } from 'zod';
import { conv2d as convolve } from '../../tensor/index.js';
import { type Pair, type PairLike, pair, windowCount } from '../../tensor/shape.js';
import { addLayer, type Feature, mapShape } from '../feature.js';
import { foldIntoWeights } from '../fold-affine.js';
import { inheritChannels } from '../inherit-channels.js';
import { kaimingNormal, zeroInitialiser } from '../initialiser.js';
import { defineLayerKind, type LayerArrays, type Placed, type TensorRow } from '../layer-kind.js';
import { allZero, noSources } from '../shared-growth.js';
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
  lower({ mode, inputs: [x], attributes: { stride, padding, dilation, groups, bias }, parameter }) {
    return convolve(x, parameter('weight'), {
      stride,
      padding,
      dilation,
      groups,
      ...(bias && mode !== 'flow' && { bias: parameter('bias') }),
    });
  },
  foldAffine: foldIntoWeights,
  growth: {
    // A group is copied whole: what is inside one hangs together.
    sources([x], { groups, out }) {
      if (groups === 1) return noSources();
      const each = mapShape(x)[0] / groups;
      const blocks = Array.from({ length: groups }, (_, group) =>
        Array.from({ length: each }, (_, place) => ({ input: 0, channel: group * each + place })),
      );
      return (channel) => blocks[Math.floor((channel * groups) / out)] ?? [];
    },
    resize([x], attributes, { inputs: [input = []], output }) {
      const { groups } = attributes;
      const more = groups === 1 ? 1 : input.length / mapShape(x)[0];
      return { ...attributes, out: output.length, groups: groups * more };
    },
    inherit: (from, to, maps) =>
      inheritChannels(from, to, maps, { from: from.attributes.groups, to: to.attributes.groups }),
    enlarge: enlarged,
    identity: centreTaps,
    silence: allZero,
  },
});

/** Zeros around the window, and as many around the map. Windows of one pixel along an axis stay so. */
function enlarged(attributes: z.infer<typeof schema>, window: number): z.infer<typeof schema> | undefined {
  const { kernel, padding, dilation } = attributes;
  const added = kernel.map((size) => (size === 1 ? 0 : window - size));
  if (added.some((more) => more < 0 || more % 2 !== 0) || added.every((more) => more === 0)) return undefined;
  const [down = 0, right = 0] = added;
  return {
    ...attributes,
    kernel: [kernel[0] + down, kernel[1] + right],
    padding: [padding[0] + (down / 2) * dilation[0], padding[1] + (right / 2) * dilation[1]],
  };
}

/** Each channel from the middle of its own window (Chen et al. 2016, section 2.3). */
function centreTaps({ inputs: [x], attributes, arrays }: Placed<z.infer<typeof schema>>): LayerArrays | undefined {
  const { out, kernel, stride, padding, dilation, groups } = attributes;
  const isCentred = kernel.every((size, axis) => 2 * (padding[axis] ?? 0) === (size - 1) * (dilation[axis] ?? 1));
  if (!isCentred || stride.some((step) => step !== 1) || x.shape[0] !== out) return undefined;
  const each = out / groups;
  const area = kernel[0] * kernel[1];
  const weight = new Float32Array(out * each * area);
  for (let channel = 0; channel < out; channel++) {
    weight[(channel * each + (channel % each)) * area + Math.floor(area / 2)] = 1;
  }
  return new Map([...allZero({ arrays }), ['weight', weight]]);
}

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
