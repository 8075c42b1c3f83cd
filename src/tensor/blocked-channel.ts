/** @file Channel operators in the blocked layout; affine maps are depthwise 1×1 convolutions there. */
import { blockedConv, meanBlocked, meanProductBlocked, paddedChannels, paddedVector, realChannels } from './blocked.js';
import { BLOCKED_DOMAIN, type Value } from './layout.js';
import { isFill } from './operators/source.js';
import type { Application, Attributes, Lowering, Tensor } from './tensor.js';

/** Whether a [N, C, H, W] tensor lies in blocked layout. */
const isBlocked = (lowering: Lowering, tensor: Tensor | undefined): tensor is Tensor =>
  tensor !== undefined && lowering.layoutOf(tensor) === 'blocked';

export function blockedChannelMean(lowering: Lowering, { inputs: [x] }: Application<Attributes>): Value | null {
  const { blocks } = lowering;
  if (blocks === null || !isBlocked(lowering, x)) return null;
  return { name: meanOf(lowering, x, blocks), layout: 'plain' };
}

/** The mean of each map, [N, C] in plain layout. */
export function blockedMapMeans(lowering: Lowering, { inputs: [x] }: Application<Attributes>): Value | null {
  const { blocks } = lowering;
  if (blocks === null || !isBlocked(lowering, x)) return null;
  const [batch = 1, channels = 1] = x.shape;
  const padded = paddedChannels(channels, blocks);
  const means = lowering.node('GlobalAveragePool', [lowering.blocked(x)], {}, BLOCKED_DOMAIN);
  const rows = lowering.node('Reshape', [means, lowering.integers([batch, padded])]);
  return { name: realChannels(lowering, rows, channels, blocks, 1), layout: 'plain' };
}

const meanOf = (lowering: Lowering, x: Tensor, blocks: number): string =>
  realChannels(lowering, meanBlocked(lowering, lowering.blocked(x)), x.shape[1] ?? 1, blocks);

/** E[x·y] − centre·E[x]: one pass less over memory than centring first, at the price of digits where |centre| ≫ deviation. */
export function blockedCentredMean(
  lowering: Lowering,
  { inputs: [x, y, centre] }: Application<Attributes>,
): Value | null {
  const { blocks } = lowering;
  if (blocks === null || centre === undefined) return null;
  if (!isBlocked(lowering, x) || y === undefined || (!isBlocked(lowering, y) && x !== y)) return null;
  const products = meanProductBlocked(lowering, lowering.blocked(x), lowering.blocked(y), x.shape, blocks);
  const product = realChannels(lowering, products, x.shape[1] ?? 1, blocks);
  if (isFill(centre, 0)) return { name: product, layout: 'plain' };
  const share = lowering.node('Mul', [lowering.plain(centre), meanOf(lowering, x, blocks)]);
  const difference = lowering.node('Sub', [product, share]);
  // Roundings must not make a variance negative.
  return { name: x === y ? lowering.node('Relu', [difference]) : difference, layout: 'plain' };
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
