/** @file The benchmark of spaces. */
import { describe, expect, it } from 'vitest';
import { UsageError } from '../error.js';
import { benchmarkSpaces } from './spaces.js';

describe('benchmarkSpaces', () => {
  it('builds and counts architectures of the chosen spaces', async () => {
    const seen: string[] = [];
    const { results } = await benchmarkSpaces({
      spaces: ['mobile', 'nas-bench-201'],
      seconds: 0.01,
      onSpace: (name) => seen.push(name),
    });
    expect(results.map(({ space }) => space)).toEqual(seen);
    expect(seen).toEqual(['mobile', 'nas-bench-201']);
    for (const { perSecond, layers } of results) {
      expect(perSecond).toBeGreaterThan(0);
      expect(layers).toBeGreaterThan(10);
    }
  });

  it('refuses an unknown space', async () => {
    await expect(benchmarkSpaces({ spaces: ['mobil'] })).rejects.toThrow(UsageError);
  });
});
