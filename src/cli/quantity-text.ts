/** @file What a network costs, as lines of name and value. */
import type { Latency } from '../model/latency.js';
import { milliseconds } from '../quantity/number-format.js';
import { knownAmounts } from '../quantity/quantity.js';

/** One line for each known amount, such as `MACs` and `3,410,000 (3.41 M) for one image`. */
export const costFields = (cost: Parameters<typeof knownAmounts>[0]): [string, string][] =>
  knownAmounts(cost).map(({ quantity: { title, format, basis }, amount }) => {
    const [long, short] = [format.long(amount), format.short(amount)];
    return [title, `${long}${short === long ? '' : ` (${short})`} ${basis}`];
  });

/** A latency that was measured with care, in place of the one that costs have. */
export const latencyField = ({
  median,
  percentile95,
  batch,
  threads,
}: Omit<Latency, 'runs' | 'runtime'>): [string, string] => [
  'latency',
  `median ${milliseconds(median)}, 95th percentile ${milliseconds(percentile95)} (batch ${batch}, ${threads} thread, this machine)`,
];
