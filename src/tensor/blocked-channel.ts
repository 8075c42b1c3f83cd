/** @file Channel operators in the blocked layout; affine maps are depthwise 1×1 convolutions there. */
import {
  blockedConv,
  dotBlocked,
  paddedChannels,
  paddedVector,
  realChannels,
  squaredDeviationsBlocked,
  sumBlocked,
} from './blocked.js';
import type { Lowering, Value } from './lowering.js';
import { isFill } from './operators/source.js';
import type { Application, Attributes, Tensor } from './tensor.js';

/** Whether a [N, C, H, W] tensor lies in blocked layout. */
const isBlocked = (lowering: Lowering, tensor: Tensor | undefined): tensor is Tensor =>
  tensor !== undefined && lowering.layoutOf(tensor) === 'blocked';

export function blockedChannelSum(lowering: Lowering, { inputs: [x] }: Application<Attributes>): Value | null {
  const { blocks } = lowering;
  if (blocks === null || !isBlocked(lowering, x)) return null;
  const sums = sumBlocked(lowering, lowering.blocked(x), x.shape, blocks);
  return { name: realChannels(lowering, sums, x.shape[1] ?? 1, blocks), layout: 'plain' };
}

/** Σ x·y − centre·Σ x: one pass less over memory than centring first, at the price of digits where |centre| ≫ deviation. */
export function blockedCentredDot(
  lowering: Lowering,
  { inputs: [x, y, centre] }: Application<Attributes>,
): Value | null {
  const { blocks } = lowering;
  if (blocks === null || centre === undefined) return null;
  if (!isBlocked(lowering, x) || y === undefined || (!isBlocked(lowering, y) && x !== y)) return null;
  const [, channels = 1] = x.shape;
  if (x === y) {
    const centres = paddedVector(lowering, lowering.plain(centre), channels, blocks);
    const sums = squaredDeviationsBlocked(lowering, lowering.blocked(x), centres, x.shape, blocks);
    return { name: lowering.node('Relu', [realChannels(lowering, sums, channels, blocks)]), layout: 'plain' };
  }
  const products = dotBlocked(lowering, lowering.blocked(x), lowering.blocked(y), x.shape, blocks);
  const dot = realChannels(lowering, products, channels, blocks);
  if (isFill(centre, 0)) return { name: dot, layout: 'plain' };
  const sum = realChannels(lowering, sumBlocked(lowering, lowering.blocked(x), x.shape, blocks), channels, blocks);
  const difference = lowering.node('Sub', [dot, lowering.node('Mul', [lowering.plain(centre), sum])]);
  return { name: difference, layout: 'plain' };
}

/** x · scale + shift. */
export function blockedAffine(
  lowering: Lowering,
  { inputs: [x, scale, shift] }: Application<Attributes>,
): Value | null {
  const { blocks } = lowering;
  if (blocks === null || !isBlocked(lowering, x) || scale === undefined || shift === undefined) return null;
  const [, channels = 1] = x.shape;
  const padded = paddedChannels(channels, blocks);
  const vector = (tensor: Tensor): string => paddedVector(lowering, lowering.plain(tensor), channels, blocks);
  const weight = lowering.node('Reshape', [vector(scale), lowering.integers([padded, 1, 1, 1])]);
  const bias = isFill(shift, 0) ? '' : vector(shift);
  const name = blockedConv(lowering, lowering.blocked(x), weight, { kernel: [1, 1], group: padded }, bias);
  return { name, layout: 'blocked' };
}
