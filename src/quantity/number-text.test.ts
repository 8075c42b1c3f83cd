import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteCount, count, duration, integer, type NumberText, positive, processMemory } from './number-text.js';

const bad = (kind: NumberText, texts: readonly string[]) => {
  for (const text of texts) expect([text, kind.parse(text)]).toEqual([text, undefined]);
};

describe('numbers as text', () => {
  it('reads counts with decimal units', () => {
    expect(['60000', '60k', '60K', '1.5M', '.5k', '2G', '1'].map(count.parse)).toEqual([
      60_000, 60_000, 60_000, 1_500_000, 500, 2_000_000_000, 1,
    ]);
    bad(count, [
      '',
      '0',
      '-5',
      '60 k',
      'abc',
      'NaN',
      'Infinity',
      '1e5',
      '0.2',
      '60kk',
      '1,000',
      '99999999999999999999',
    ]);
  });

  it('reads bytes with binary units', () => {
    expect(['65536', '64k', '64KB', '64KiB', '64kb', '1M', '1.5MB', '2GB', '100b'].map(byteCount.parse)).toEqual([
      65_536,
      65_536,
      65_536,
      65_536,
      65_536,
      2 ** 20,
      1.5 * 2 ** 20,
      2 ** 31,
      100,
    ]);
    bad(byteCount, ['', '0', '-1k', '64 KB', '64bits', 'NaN', '64KBB']);
  });

  it('reads the memory of a process, which needs some to start', () => {
    expect(['128MB', '2GB'].map(processMemory.parse)).toEqual([2 ** 27, 2 ** 31]);
    bad(processMemory, ['1', '127MB', '-1GB', 'x']);
  });

  it('reads times with a unit', () => {
    expect(['90s', '10m', '10min', '1h', '1h30m', '0.5h', '1h0m5s'].map(duration.parse)).toEqual([
      90, 600, 600, 3600, 5400, 1800, 3605,
    ]);
    bad(duration, ['', '10', '0s', '-1m', 'm', '10x', '5s10m', '100000h', 'NaN']);
  });

  it('reads whole numbers within limits', () => {
    const { parse } = integer(1, 10);
    expect(['1', '10', ' 7 '].map(parse)).toEqual([1, 10, 7]);
    bad(integer(1, 10), ['0', '11', '-3', '2.5', '1e1', '', 'x', 'NaN', '0x5']);
  });

  it('reads positive numbers', () => {
    expect(['2.5', '1', '.5'].map(positive.parse)).toEqual([2.5, 1, 0.5]);
    bad(positive, ['0', '-1', '', 'NaN', 'Infinity', '1e400', 'abc']);
  });

  it('reads back every whole number that is written with a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (value) => {
        expect(count.parse(String(value))).toBe(value);
        expect(count.parse(`${value}k`)).toBe(1000 * value);
        expect(byteCount.parse(`${value}k`)).toBe(1024 * value);
        expect(duration.parse(`${value}s`)).toBe(value);
      }),
    );
  });
});
