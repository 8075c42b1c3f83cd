/** @file Operators on channels, axis 1 of [N, C, ...]: sums, products and affine maps, of which batch norm is made. */
import { blockedAffine, blockedCentredMean, blockedChannelMean } from '../blocked-channel.js';
import { Float } from '../onnx.js';
import { elementCount, type Shape, sameShape, showShape } from '../shape.js';
import { defineOperator, type Lowering, type Tensor } from '../tensor.js';
import { div, mul, neg } from './arithmetic.js';
import { expand, reshape } from './shaping.js';
import { fill, isFill, scalar } from './source.js';

type NoAttributes = Record<string, never>;

/** One of an operator's inputs. Throws a `RangeError` where it is missing. */
export function operand(inputs: readonly Tensor[], position: number): Tensor {
  const tensor = inputs[position];
  if (tensor === undefined) throw new RangeError(`input ${position} is missing`);
  return tensor;
}

/** The size of axis 1. Throws a `RangeError` where there is none. */
export function channelsOf(x: Tensor): number {
  const channels = x.shape[1];
  if (channels === undefined) throw new RangeError(`${showShape(x.shape)} has no channel axis`);
  return channels;
}

/** Throws a `RangeError` unless each of `vectors` has one number a channel of x. */
export function checkPerChannel(operator: string, x: Tensor, vectors: readonly Tensor[]): void {
  const misfit = vectors.find(({ shape }) => !sameShape(shape, [channelsOf(x)]));
  if (misfit === undefined) return;
  throw new RangeError(
    `${operator} takes one number for each of the ${channelsOf(x)} channels of ${showShape(x.shape)}, not ${showShape(misfit.shape)}`,
  );
}

/** How many elements of x one channel has. */
export const channelSize = (x: Tensor): number => elementCount(x.shape) / channelsOf(x);

const axesBesideChannels = (shape: Shape): number[] => shape.map((_, axis) => axis).filter((axis) => axis !== 1);

/** One number a channel, repeated to a shape. */
function spread(vector: Tensor, shape: Shape): Tensor {
  return expand(
    reshape(
      vector,
      shape.map((size, axis) => (axis === 1 ? size : 1)),
    ),
    shape,
  );
}

/** a · x + b, a and b one number a channel: the inference form of batch norm is the standard operator for it. */
export function lowerAffine(lowering: Lowering, x: string, scale: string, shift: string, channels: number): string {
  const zeros = lowering.floats(new Float32Array(channels), [channels]);
  const ones = lowering.floats(new Float32Array(channels).fill(1), [channels]);
  return lowering.node('BatchNormalization', [x, scale, shift, zeros, ones], { epsilon: new Float(0) });
}

const meanOverChannels = (lowering: Lowering, x: string, { shape }: Tensor): string =>
  lowering.node('ReduceMean', [x, lowering.integers(axesBesideChannels(shape))], { keepdims: 0 });

/** A number a channel, divided among its elements. */
const share = (vector: Tensor, x: Tensor): Tensor => div(vector, scalar(channelSize(x)));

const channelMeanOperator = defineOperator<NoAttributes>({
  name: 'channelMean',
  infer: (inputs) => ({ shape: [channelsOf(operand(inputs, 0))], dtype: 'float32' }),
  derivative: (gradient, { inputs: [x] }) => (x === undefined ? [] : [spread(share(gradient, x), x.shape)]),
  lower: (lowering, { inputs: [x] }) => (x === undefined ? '' : meanOverChannels(lowering, lowering.plain(x), x)),
  lowerBlocked: blockedChannelMean,
});

/** The mean over everything but channels: [C]. */
export const channelMean = (x: Tensor): Tensor => channelMeanOperator([x], {});

/** The sum over everything but channels: [C]. */
export const channelSum = (x: Tensor): Tensor => mul(channelMean(x), scalar(channelSize(x)));

const centredMeanOperator = defineOperator<NoAttributes>({
  name: 'centredMean',
  infer: (inputs) => {
    const [x, y] = [operand(inputs, 0), operand(inputs, 1)];
    if (!sameShape(x.shape, y.shape)) {
      throw new RangeError(
        `centredMean takes two tensors of one shape, not ${showShape(x.shape)} and ${showShape(y.shape)}`,
      );
    }
    checkPerChannel('centredMean', x, inputs.slice(2));
    return { shape: [channelsOf(x)], dtype: 'float32' };
  },
  derivative: (gradient, { inputs }) => {
    const [x, y, centre] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const none = fill([channelsOf(x)], 0);
    const shared = share(gradient, x);
    return [
      channelAffine(y, shared, neg(mul(shared, centre))),
      channelAffine(x, shared, none),
      neg(mul(gradient, channelMean(x))),
    ];
  },
  lower: (lowering, { inputs }) => {
    const [x, y, centre] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const columns = y.shape.map((size, axis) => (axis === 1 ? size : 1));
    const column = lowering.node('Reshape', [lowering.plain(centre), lowering.integers(columns)]);
    const centred = lowering.node('Sub', [lowering.plain(y), column]);
    // The variance squares centred elements, so that it cannot come out negative.
    const left = x === y ? centred : lowering.plain(x);
    return meanOverChannels(lowering, lowering.node('Mul', [left, centred]), x);
  },
  lowerBlocked: blockedCentredMean,
});

/**
 * The mean of x · (y − centre) over everything but channels, one number a channel: [C]. Where x and y are one tensor,
 * `centre` must be its mean, and the result is the variance.
 */
export const centredMean = (x: Tensor, y: Tensor, centre: Tensor): Tensor => centredMeanOperator([x, y, centre], {});

/** The sum of x · y over everything but channels: [C]. */
const channelDot = (x: Tensor, y: Tensor): Tensor =>
  mul(centredMean(x, y, fill([channelsOf(x)], 0)), scalar(channelSize(x)));

const affineOperator = defineOperator<NoAttributes>({
  name: 'channelAffine',
  infer: (inputs) => {
    const x = operand(inputs, 0);
    checkPerChannel('channelAffine', x, inputs.slice(1));
    return { shape: x.shape, dtype: 'float32' };
  },
  derivative: (gradient, { inputs }) => {
    const [x, scaling] = [operand(inputs, 0), operand(inputs, 1)];
    const none = fill(scaling.shape, 0);
    return [channelAffine(gradient, scaling, none), channelDot(gradient, x), channelSum(gradient)];
  },
  lower: (lowering, { inputs }) => {
    const [x, scale, shift] = inputs.map((tensor) => lowering.plain(tensor));
    return lowerAffine(lowering, x ?? '', scale ?? '', shift ?? '', channelsOf(operand(inputs, 0)));
  },
  lowerBlocked: blockedAffine,
});

/** x · scale + shift, with one number a channel: scale and shift are [C]. */
export const channelAffine = (x: Tensor, scale: Tensor, shift: Tensor): Tensor => affineOperator([x, scale, shift], {});

/** A tensor as one number a channel times another, where it was made so: whoever is linear in it can scale less. */
export function channelFactor(x: Tensor): { readonly factor: Tensor; readonly rest: Tensor } | null {
  const [rest, factor, shift] = x.inputs;
  if (x.operator !== 'channelAffine' || rest === undefined || factor === undefined) return null;
  return shift !== undefined && isFill(shift, 0) ? { factor, rest } : null;
}
