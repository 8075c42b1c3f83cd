/** @file Numbers as people read them. */
import { describe, expect, it } from 'vitest';
import { bytes, compactCount, count, duration, milliseconds, percent, plain, plural, shape } from './number-format.js';

describe('numbers with their units', () => {
  it.each([
    [count(1_288_218), '1,288,218'],
    [compactCount(999), '999'],
    [compactCount(999.7), '1 k'],
    [compactCount(58_430), '58.4 k'],
    [compactCount(999_600), '1 M'],
    [compactCount(8_100_000), '8.1 M'],
    [bytes(0), '0 B'],
    [bytes(1024), '1 KiB'],
    [bytes(447 * 1024), '447 KiB'],
    [bytes(8 * 2 ** 30), '8 GiB'],
    [percent(0.9174), '91.74 %'],
    [percent(1), '100.00 %'],
    [milliseconds(0.41234), '0.412 ms'],
    [milliseconds(123.4), '123 ms'],
    [duration(4.1), '4.1 s'],
    [duration(59.6), '1 min 0 s'],
    [duration(754.3), '12 min 34 s'],
    [duration(3661), '1 h 1 min'],
    [plain(0.91342), '0.9134'],
    [plural(1, 'trial'), '1 trial'],
    [plural(2, 'class', 'classes'), '2 classes'],
    [shape([16, 14, 14]), '16×14×14'],
  ])('writes %s', (text, expected) => expect(text).toBe(expected));

  it.each([null, undefined, Number.NaN])('writes a dash for %s', (value) => {
    for (const format of [count, compactCount, bytes, percent, milliseconds, duration, plain]) {
      expect(format(value)).toBe('–');
    }
  });
});
