/** @file The ranking of MCUNet's grid under the memories of a microcontroller. */
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { rankMcunetGrid } from './mcunet-grid.js';

const imagenet = { channels: 3, height: 224, width: 224, classes: 1000 };
const rank = (limits: { sramBytes: number; flashBytes: number; inPlaceDepthwise?: boolean }) =>
  rankMcunetGrid(limits, imagenet, { samples: 4, random: new Random(1) });
const unlimited = { sramBytes: Number.POSITIVE_INFINITY, flashBytes: Number.POSITIVE_INFINITY };

describe('rankMcunetGrid', () => {
  it('prefers large spaces where everything fits', () => {
    const scores = rank(unlimited);
    expect(scores).toHaveLength(108);
    expect(scores.every(({ feasible }) => feasible === 4)).toBe(true);
    // Four samples tell neighbours of the grid apart by chance only.
    expect(scores.slice(0, 4)).toContainEqual(expect.objectContaining({ resolution: 224, width: 1 }));
    expect(scores.slice(-4)).toContainEqual(expect.objectContaining({ resolution: 48, width: 0.2 }));
    const macs = scores.map(({ meanMacs }) => meanMacs);
    expect(macs.toSorted((one, other) => other - one)).toEqual(macs);
  });

  it('puts spaces last in which nothing fits', () => {
    const scores = rank({ sramBytes: 320 * 1024, flashBytes: 1024 * 1024 });
    const at = (resolution: number, width: number) =>
      scores.findIndex((score) => score.resolution === resolution && score.width === width);
    // The first layer alone writes 32·112·112 bytes.
    expect(scores[at(224, 1)]).toMatchObject({ feasible: 0, meanMacs: 0 });
    expect(at(224, 1)).toBeGreaterThan(at(48, 0.2));
    expect(scores[0]?.feasible).toBeGreaterThan(0);
  });

  it('finds room for more where depthwise convolutions work in place', () => {
    const limits = { sramBytes: 256 * 1024, flashBytes: 1024 * 1024 };
    const fitting = (inPlaceDepthwise: boolean) =>
      rank({ ...limits, inPlaceDepthwise }).reduce((sum, { feasible }) => sum + feasible, 0);
    expect(fitting(true)).toBeGreaterThan(fitting(false));
  });

  it('ranks alike with the same seed', () => {
    expect(rank(unlimited)).toEqual(rank(unlimited));
  });
});
