/** @file The space of the first controller: sizes, skip connections, and networks counted by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws } from '../../test/decision-laws.js';
import { expectCanonicalLaws } from '../../test/space-laws.js';
import { zophCnn } from './zoph-cnn.js';

const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const space = zophCnn();
const short = zophCnn({ layers: { min: 1, max: 4 }, strides: [1, 2, 3] });

describe('zoph-cnn', () => {
  it('has 64^L choices of filters times 2^(L(L-1)/2) sets of skips', () => {
    for (const layers of [1, 6, 15]) {
      const pairs = BigInt((layers * (layers - 1)) / 2);
      expect(zophCnn({ layers }).decisions.size()).toBe(64n ** BigInt(layers) * 2n ** pairs);
    }
    expect(zophCnn({ layers: 2, strides: [1, 2, 3] }).decisions.size()).toBe(2n * 192n ** 2n);
  });

  it('keeps the laws of decisions', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => expectLaws(space.decisions, seed, { neighbourLimit: 100 })),
      { seed: 1, numRuns: 20 },
    );
  });

  it('counts layers, skips and the classifier as by hand', () => {
    // Layer 2 takes the image, since it takes no layer; the classifier takes layers 1 and 2.
    const network = short.build(short.parse('3x5_24, 1x7_36<0, 7x7_48'), cifar10);
    const weights = [15 * 3 * 24, 7 * 24 * 36, 49 * 3 * 48];
    expect(network.cost()).toMatchObject({
      params: weights.reduce((sum, count) => sum + count) + 2 * (24 + 36 + 48) + (36 + 48) * 10 + 10,
      macs: 1024 * weights.reduce((sum, count) => sum + count) + (36 + 48) * 10,
    });
  });

  it('pads smaller maps with zeros where maps of several sizes meet', () => {
    const { layers, outputShape } = short.build(short.parse('3x3_24, 3x3_36_s2<0, 3x3_48_s3<0+1'), cifar10);
    expect(layers.find(({ name }) => name === 'layer2.pad2d')?.shape).toEqual([36, 32, 32]);
    expect(layers.find(({ name }) => name === 'layer2.conv2d')?.shape).toEqual([48, 11, 11]);
    expect(outputShape).toEqual([10]);
  });

  it('takes architectures for equal that differ in the order of independent layers', () => {
    const canonical = (text: string) => short.canonical(short.parse(text));
    expect(canonical('3x3_24, 5x5_36, 7x7_48<0')).toBe(canonical('5x5_36, 3x3_24, 7x7_48<1'));
    expect(canonical('3x3_24, 5x5_36, 7x7_48<0')).not.toBe(canonical('3x3_24, 5x5_36, 7x7_48<1'));
    expect(canonical('3x3_24, 5x5_36')).not.toBe(canonical('3x3_24, 5x5_36<0'));
  });

  it('takes for equal only architectures of equal cost, strides among their choices', () => {
    for (let seed = 0; seed < 4; seed++) expectCanonicalLaws(short, seed);
  });

  it('writes what it reads', () => {
    const text = '3x3_24, 5x7_48_s2<0, 1x1_36<0+1';
    expect(short.format(short.parse(text))).toBe(text);
  });

  it.each([
    ['3x3_24, 4x3_24', 'architecture[1].height is 4; allowed: 1, 3, 5, 7.'],
    ['3x3_24, 3x3_24<1', 'Layer 1, "3x3_24<1", takes layer 1, which does not come before it.'],
    ['3x3_24, 3x3', 'Layer 1, "3x3", is no layer'],
    ['3x3_24_s4', 'architecture[0].stride is 4; allowed: 1, 2, 3.'],
    ['hello', 'neither JSON nor'],
  ])('refuses %s', (text, message) => {
    expect(() => short.parse(text)).toThrow(message);
  });
});
