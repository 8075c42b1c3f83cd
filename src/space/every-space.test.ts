/** @file The laws of search spaces, for every space of the registry. */
import { describe, expect, it } from 'vitest';
import { uniformityScore } from '../../test/decision-laws.js';
import {
  expectArchitectureLaws,
  expectCanonicalLaws,
  expectExportLaws,
  expectGraphLaws,
  expectPublishedLaws,
  expectRefusals,
} from '../../test/space-laws.js';
import { canonicalJson } from '../json.js';
import { spaces } from './registry.js';

/** Spaces of at most so many architectures are enumerated, and their samples counted. */
const ENUMERABLE = 20_000n;

/**
 * Fingerprints as published, which take some cells of different cost for equal: NAS-Bench-101's does not see which vertices have
 * a channel more, and NAS-Bench-201's not whether two equal terms of a sum are one operator taken twice.
 */
const coarse = ['nas-bench-101', 'nas-bench-201'];

describe.each(spaces.map((space) => [space.name, space] as const))('%s', (name, space) => {
  it('has architectures that validate, survive JSON and notation, and mutate into valid others', () => {
    for (let seed = 0; seed < 8; seed++) expectArchitectureLaws(space, seed);
  });

  it.skipIf(coarse.includes(name))('takes for equal only architectures of equal cost', () => {
    for (let seed = 0; seed < 4; seed++) expectCanonicalLaws(space, seed);
  });

  it.runIf(space.graph)('has graphs by which architectures are compared: alike where they are isomorphic', () => {
    // The fingerprint of NAS-Bench-201 contracts skips, which are nodes of its graphs.
    for (let seed = 0; seed < 8; seed++) expectGraphLaws(space, seed, { exact: name !== 'nas-bench-201' });
  });

  it('refuses what is no architecture of it, and says where', () => {
    for (let seed = 0; seed < 8; seed++) expectRefusals(space, seed);
  });

  it('reads and prints the architectures that papers print', () => {
    expectPublishedLaws(space);
  });

  // That they train, `search/every-space-search.test.ts` shows.
  it('builds networks that count and export alike', async () => {
    await expectExportLaws(space, 1);
  });

  it.runIf(space.decisions.size() <= ENUMERABLE)('has the size of its enumeration, and uniform samples', () => {
    const all = new Set([...space.decisions.enumerate()].map(canonicalJson));
    expect(BigInt(all.size)).toBe(space.decisions.size());
    expect(Math.abs(uniformityScore(space.decisions, 8 * all.size, 1))).toBeLessThan(4);
  });
});
