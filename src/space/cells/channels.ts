/** @file How wide a cell network is. */
import type { BuildTarget } from '../space.js';

/** What a factorised reduction, which joins two halves, can give at least. */
const FEWEST_CHANNELS = 2;

/** The channels of the first cells, scaled as the target asks. */
export const channelsFor = (channels: number, { widthMultiplier = 1 }: BuildTarget): number =>
  Math.max(FEWEST_CHANNELS, Math.round(channels * widthMultiplier));
