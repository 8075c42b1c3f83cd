/** @file The rows of quantities agree with what networks count, and with each other. */
import { describe, expect, it } from 'vitest';
import { presets } from '../nn/presets/index.js';
import {
  amountInWords,
  countedQuantities,
  everyAmount,
  exactAmount,
  knownAmounts,
  optionOf,
  quantities,
} from './quantity.js';

describe('quantities', () => {
  it('that are counted are those that a network counts', () => {
    const { mobilenet_v2: preset } = presets;
    const cost = preset?.build(preset).cost() ?? {};
    expect(Object.keys(cost).sort()).toEqual(countedQuantities.map(({ name }) => name).sort());
  });

  it('have names, settings and options of their own', () => {
    for (const key of ['name', 'title', 'setting', 'option'] as const) {
      expect(new Set(quantities.map((quantity) => quantity[key])).size).toBe(quantities.length);
    }
  });

  it('are told with every amount, or with those that are known', () => {
    expect(everyAmount({ macs: 3, synflow: 5 })).toEqual({
      params: null,
      macs: 3,
      peakActivationBytes: null,
      latencyMs: null,
    });
    expect(knownAmounts({ macs: 3, params: null }).map(({ quantity, amount }) => [quantity.name, amount])).toEqual([
      ['macs', 3],
    ]);
  });

  it('are put into words', () => {
    const words = quantities.map((quantity) => [
      amountInWords(quantity, 2048),
      exactAmount(quantity, 2048),
      optionOf(quantity),
    ]);
    expect(words).toEqual([
      ['2,048 parameters', '2,048 parameters', '--max-params'],
      ['2,048 MACs', '2,048 multiply-accumulates', '--max-macs'],
      ['2 KiB of activations', '2,048 bytes of peak activation memory', '--max-memory'],
      ['2048 ms of latency', '2,048 milliseconds of latency', '--max-latency-ms'],
    ]);
  });
});
