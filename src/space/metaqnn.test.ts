/** @file MetaQNN: its grammar against the authors' enumerator, its networks counted by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws } from '../../test/decision-laws.js';
import { Random } from '../random.js';
import { metaqnn } from './metaqnn.js';

const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const space = metaqnn();

describe('metaqnn', () => {
  it.each([
    // Counted by the authors' state_enumerator.py with the pools (5,3), (3,2) and (2,2) of the paper.
    [{ layers: 1 }, 14n],
    [{ layers: 2 }, 206n],
    [{ layers: 3 }, 2978n],
    [{ layers: 2, imageSize: 4 }, 131n],
    [{ layers: 3, imageSize: 8 }, 2846n],
    [{ layers: 6, imageSize: 8 }, 5_684_774n],
    [{ layers: 12, imageSize: 28 }, 62_172_666_941_426n],
    [{}, 350_688_185_105_644_444_130n],
  ])('has as many chains as the authors’ enumerator reaches: %j', (options, size) => {
    expect(metaqnn(options).decisions.size()).toBe(size);
  });

  it('keeps the laws of decisions', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => expectLaws(space.decisions, seed, { shifting: true, neighbourLimit: 60 })),
      { seed: 1, numRuns: 25 },
    );
  });

  it('reads the notation of the authors, with classes or without', () => {
    const chain = space.parse('[C(128,5,1), P(2,2), GAP(10), SM(10)]');
    expect(chain).toEqual([
      { layer: 'conv', filters: 128, kernel: 5 },
      { layer: 'pool', size: 2, stride: 2 },
      { layer: 'gap' },
      { layer: 'softmax' },
    ]);
    expect(space.format(chain)).toBe('[C(128,5,1), P(2,2), GAP, SM]');
    expect(space.parse('C(128, 5, 1) - P(2, 2) - GAP(10) - SM(10)')).toEqual(chain);
  });

  it.each([
    ['[P(2,2), SM]', 'architecture[0] is {"layer":"pool","size":2,"stride":2}; allowed: C(64,1,1),'],
    ['[C(64,3,1), P(2,2), P(2,2), SM]', 'architecture[2] is {"layer":"pool"'],
    ['[C(64,3,1), FC(128), SM]', 'architecture[1] is {"layer":"fc","units":128}; allowed:'],
    ['[C(64,3,2), SM]', 'architecture[0] is {"layer":"conv","filters":64,"kernel":3,"stride":2}'],
    ['[C(64,3,1)]', 'architecture ends after 1 items; allowed: C(64,1,1),'],
    ['[SM, SM]', 'goes on with {"layer":"softmax"} where it must end'],
    ['[X(3), SM]', '"X(3)" is no layer of MetaQNN; there are C, P, FC, GAP, SM.'],
    ['hello', 'neither JSON nor'],
  ])('refuses %s', (text, message) => {
    expect(() => space.parse(text)).toThrow(message);
  });

  it('allows two fully connected layers of falling width behind small maps', () => {
    const small = metaqnn({ imageSize: 4 });
    expect(() => small.parse('[FC(256), FC(256), SM]')).not.toThrow();
    expect(() => small.parse('[FC(256), FC(512), SM]')).toThrow('allowed: FC(256), FC(128), SM.');
    expect(() => small.parse('[FC(256), FC(128), FC(128), SM]')).toThrow('allowed: SM.');
  });

  it('counts a chain as by hand', () => {
    const { params, macs } = space.build(space.parse('CIFAR10_9.24'), cifar10).cost();
    // Sides 32, 32, 10, 10, 4.
    const convolutions = [9 * 3 * 64, 9 * 64 * 128, 9 * 128 * 256];
    const connected = [4 * 4 * 256 * 512, 512 * 128, 128 * 10];
    const biases = 64 + 128 + 256 + 512 + 128 + 10;
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    expect(params).toBe(sum(convolutions) + sum(connected) + biases);
    expect(macs).toBe(1024 * (9 * 3 * 64 + 9 * 64 * 128) + 100 * 9 * 128 * 256 + sum(connected));
  });

  it('drops out behind every second layer and every fully connected one, ever more', () => {
    const { layers } = space.build(space.parse('CIFAR10_9.24'), cifar10);
    const rates = layers.filter(({ kind }) => kind.kind === 'dropout').map(({ attributes }) => attributes.rate);
    expect(rates).toEqual([1, 2, 3, 4].map((drop) => drop / 8));
  });

  it('clips pools on smaller images', () => {
    for (let seed = 0; seed < 200; seed++) {
      const chain = space.decisions.sample(new Random(seed));
      expect(space.build(chain, { channels: 1, height: 8, width: 8, classes: 3 }).outputShape).toEqual([3]);
    }
  });
});
