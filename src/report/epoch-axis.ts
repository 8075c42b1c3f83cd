/** @file The axis of epochs under learning curves. */
import type * as Plot from '@observablehq/plot';

/** Where curves have more points than that, dots on them would hide the lines. */
export const MOST_DOTS = 15;

/** About as many ticks fit under a plot. */
const MOST_TICKS = 9;

/** From the first epoch to the last, with ticks at whole epochs only. */
export function epochAxis(epochs: readonly number[]): Plot.ScaleOptions {
  const last = epochs.reduce((a, b) => Math.max(a, b), 1);
  const first = epochs.reduce((a, b) => Math.min(a, b), last);
  const step = Math.max(1, Math.ceil((last - first) / (MOST_TICKS - 1)));
  const ticks = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
  const room = last === first ? 0.5 : 0.03 * (last - first);
  return {
    label: 'epoch',
    ticks,
    tickFormat: (epoch: number) => String(epoch),
    domain: [first - room, last + room],
  };
}
