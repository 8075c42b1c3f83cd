/** @file Element-wise operators on values in the blocked layout. */
import { paddedChannels } from './blocked.js';
import type { Value } from './layout.js';
import type { OnnxAttributes } from './onnx.js';
import { sameShape } from './shape.js';
import type { Application, Attributes, Lowering, Tensor } from './tensor.js';

export interface ElementwiseOptions {
  readonly attributes?: OnnxAttributes;
  /** Names of further inputs, such as the bounds of `Clip`. */
  readonly constants?: readonly string[];
}

/**
 * An element-wise operator in blocked layout, where one of its inputs already lies so; `null` otherwise, or where an
 * input broadcasts in a way that the layout cannot follow. Elements of equal position stay at equal position, whatever
 * the layout; single numbers broadcast as they are, and one number a channel after a reshape that copies nothing.
 */
export function blockedElementwise<A extends Attributes>(
  lowering: Lowering,
  { inputs, output }: Application<A>,
  operator: string,
  { attributes = {}, constants = [] }: ElementwiseOptions = {},
): Value | null {
  const { shape } = output;
  const { blocks } = lowering;
  if (blocks === null || shape.length !== 4) return null;
  const isWhole = (tensor: Tensor): boolean => sameShape(tensor.shape, shape);
  if (!inputs.some((tensor) => isWhole(tensor) && lowering.layoutOf(tensor) === 'blocked')) return null;
  const others = inputs.filter((tensor) => !isWhole(tensor));
  if (others.every((tensor) => tensor.shape.every((size) => size === 1))) {
    const names = inputs.map((tensor) => (isWhole(tensor) ? lowering.blocked(tensor) : lowering.plain(tensor)));
    return { name: lowering.node(operator, [...names, ...constants], attributes), layout: 'blocked' };
  }
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  if (!others.every((tensor) => isChannelwise(tensor, channels))) return null;
  const padded = paddedChannels(channels, blocks);
  const reshape = (name: string, sizes: readonly number[]): string =>
    lowering.node('Reshape', [name, lowering.integers(sizes)]);
  const names = inputs.map((tensor) => {
    if (isWhole(tensor)) return reshape(lowering.blocked(tensor), [batch, padded / blocks, height * width, blocks]);
    const missing = lowering.integers([0, 0, 0, 0, 0, padded - channels, 0, 0]);
    const whole =
      padded === channels ? lowering.plain(tensor) : lowering.node('Pad', [lowering.plain(tensor), missing]);
    return reshape(whole, [tensor.shape[0] ?? 1, padded / blocks, 1, blocks]);
  });
  const flat = lowering.node(operator, [...names, ...constants], attributes);
  return { name: reshape(flat, [batch, padded, height, width]), layout: 'blocked' };
}

const isChannelwise = ({ shape }: Tensor, channels: number): boolean =>
  shape.length === 4 && shape[1] === channels && shape[2] === 1 && shape[3] === 1;
