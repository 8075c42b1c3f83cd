/** @file The laws of search spaces, for every space of the registry. */
import { describe, expect, it } from 'vitest';
import { uniformityScore } from '../../test/decision-laws.js';
import {
  expectArchitectureLaws,
  expectNetworkLaws,
  expectPublishedLaws,
  expectRefusals,
} from '../../test/space-laws.js';
import { canonicalJson } from '../json.js';
import { spaces } from './registry.js';

/** Spaces of at most so many architectures are enumerated, and their samples counted. */
const ENUMERABLE = 20_000n;

describe.each(spaces.map((space) => [space.name, space] as const))('%s', (_, space) => {
  it('has architectures that validate, survive JSON and notation, and mutate into valid others', () => {
    for (let seed = 0; seed < 8; seed++) expectArchitectureLaws(space, seed);
  });

  it('refuses what is no architecture of it, and says where', () => {
    for (let seed = 0; seed < 8; seed++) expectRefusals(space, seed);
  });

  it('reads and prints the architectures that papers print', () => {
    expectPublishedLaws(space);
  });

  it('builds networks that count, train and export alike', async () => {
    await expectNetworkLaws(space, 1);
  });

  it.runIf(space.decisions.size() <= ENUMERABLE)('has the size of its enumeration, and uniform samples', () => {
    const all = new Set([...space.decisions.enumerate()].map(canonicalJson));
    expect(BigInt(all.size)).toBe(space.decisions.size());
    expect(Math.abs(uniformityScore(space.decisions, 8 * all.size, 1))).toBeLessThan(4);
  });
});
