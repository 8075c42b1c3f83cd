/** @file Limits in words, such as `at most 60,000 parameters`. */
import type { Limits } from './description.js';
import { bytes, count, milliseconds } from './quantities.js';

/** One text for each limit that there is. */
export function limitTexts({ params, macs, peakActivationBytes, latencyMs }: Limits): string[] {
  const texts: string[] = [];
  if (typeof params === 'number') texts.push(`at most ${count(params)} parameters`);
  if (typeof macs === 'number') texts.push(`at most ${count(macs)} MACs`);
  if (typeof peakActivationBytes === 'number') texts.push(`at most ${bytes(peakActivationBytes)} of activations`);
  if (typeof latencyMs === 'number') texts.push(`at most ${milliseconds(latencyMs)} of latency`);
  return texts;
}
