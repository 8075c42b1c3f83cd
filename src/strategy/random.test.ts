/** @file Random search: uniform, with or without repeats. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import { canonicalJson } from '../json.js';
import { int } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { random } from './random.js';

const space = toySpace(repeat(int({ min: 0, max: 9 }), 2));

async function keys(repeats: boolean, count: number): Promise<string[]> {
  const strategy = random.create({ space, settings: { repeats }, seed: 1 });
  const asked: string[] = [];
  for (let trial = 0; trial < count; trial++) {
    const proposal = await strategy.ask();
    if (typeof proposal === 'string') break;
    asked.push(canonicalJson(proposal.architecture));
  }
  return asked;
}

describe('random search', () => {
  it('asks about each architecture once', async () => {
    const asked = await keys(false, 1_000);
    expect(asked).toHaveLength(100);
    expect(new Set(asked).size).toBe(100);
  });

  it('draws with replacement where repeats are allowed', async () => {
    const asked = await keys(true, 5_000);
    const counts = new Map<string, number>();
    for (const key of asked) counts.set(key, (counts.get(key) ?? 0) + 1);
    const statistic = [...counts.values()].reduce((sum, count) => sum + (count - 50) ** 2 / 50, 0);
    expect(counts.size).toBe(100);
    expect(statistic).toBeLessThan(99 + 4 * Math.sqrt(2 * 99));
  });
});
