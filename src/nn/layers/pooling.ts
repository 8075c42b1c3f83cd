/** @file Pooling: maximum and average over windows, average over the whole map. */
import { z } from 'zod';
import * as tensor from '../../tensor/index.js';
import { type PairLike, pair, type Shape, windowCount } from '../../tensor/shape.js';
import { addLayer, type Feature, mapShape } from '../feature.js';
import { defineLayerKind, type Inputs, type LayerKind } from '../layer-kind.js';
import { sameChannels } from '../shared-growth.js';
import { kernelSchema, paddingSchema, strideSchema } from './window.js';

const schema = z.strictObject({ kernel: kernelSchema, stride: strideSchema, padding: paddingSchema });
type PoolAttributes = z.infer<typeof schema>;

function pooledShape([x]: Inputs, { kernel, stride, padding }: PoolAttributes): Shape {
  const [channels, height, width] = mapShape(x);
  if (2 * padding[0] > kernel[0] || 2 * padding[1] > kernel[1]) {
    throw new RangeError(`its padding [${padding.join(', ')}] must be at most half its kernel [${kernel.join(', ')}]`);
  }
  return [
    channels,
    windowCount(height, kernel[0], stride[0], 2 * padding[0], 1),
    windowCount(width, kernel[1], stride[1], 2 * padding[1], 1),
  ];
}

const maximum = defineLayerKind<PoolAttributes>({
  kind: 'maxPool2d',
  schema,
  shape: pooledShape,
  lower: ({ inputs: [x], attributes }) => tensor.maxPool2d(x, attributes),
  growth: { sources: sameChannels },
});
const average = defineLayerKind<PoolAttributes>({
  kind: 'avgPool2d',
  schema,
  shape: pooledShape,
  lower: ({ inputs: [x], attributes }) => tensor.avgPool2d(x, attributes),
  growth: { sources: sameChannels },
});

const globalAverage = defineLayerKind<Record<string, never>>({
  kind: 'globalAvgPool',
  schema: z.strictObject({}),
  shape: ([x]) => [mapShape(x)[0]],
  lower: ({ inputs: [x] }) => tensor.globalAvgPool(x),
  growth: { sources: sameChannels },
});

/** The window of a pooling, in pixels. */
export interface Pool2dOptions {
  readonly name?: string;
  /** Height and width of the window. */
  readonly kernel: PairLike;
  /** Default: the kernel, as in PyTorch. */
  readonly stride?: PairLike;
  /** Default 0, as in PyTorch. At most half the kernel. */
  readonly padding?: PairLike;
}

function pool(
  kind: LayerKind<PoolAttributes>,
  x: Feature,
  { name, kernel, stride = kernel, padding = 0 }: Pool2dOptions,
): Feature {
  return addLayer(kind, [x], { kernel: pair(kernel), stride: pair(stride), padding: pair(padding) }, name);
}

/** The largest element of each window of [C, H, W]. */
export const maxPool2d = (x: Feature, options: Pool2dOptions): Feature => pool(maximum, x, options);

/** The mean of each window of [C, H, W]; padding does not count (`count_include_pad = false`). */
export const avgPool2d = (x: Feature, options: Pool2dOptions): Feature => pool(average, x, options);

/** The mean of each channel: [C, H, W] to the vector [C]. */
export const globalAvgPool = (x: Feature, { name }: { readonly name?: string } = {}): Feature =>
  addLayer(globalAverage, [x], {}, name);
