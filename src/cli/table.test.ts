import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { bytes, fields, percent, short, table, time, whole, wrap } from './table.js';

describe('text for people', () => {
  it('aligns columns, numbers to the right, whatever their colour', () => {
    const { green } = picocolors.createColors(true);
    expect(
      table(
        ['name', ' count'],
        [
          ['a', '1'],
          [green('long'), '1,000'],
        ],
      ),
    ).toBe(`name  count\na         1\n${green('long')}  1,000`);
  });

  it('breaks long values below their beginning', () => {
    expect(
      fields(
        [
          ['a', 'one two three'],
          ['bcd', 'four'],
        ],
        12,
      ),
    ).toBe('a    one two\n     three\nbcd  four');
    expect(wrap('one two three', 7)).toBe('one two\nthree');
  });

  it('writes numbers shortly', () => {
    expect([999, 1000, 51_234, 3_410_000, 1.8e9].map(short)).toEqual(['999', '1.00 k', '51.2 k', '3.41 M', '1.80 G']);
    expect([512, 1024, 200_704, 2 ** 31].map(bytes)).toEqual(['512 B', '1.0 KiB', '196.0 KiB', '2.0 GiB']);
    expect([1.234, 59, 272, 3900].map(time)).toEqual(['1.2 s', '59 s', '4 min 32 s', '1 h 05 min']);
    expect([whole(1234567), whole(10n ** 12n), percent(0.91325)]).toEqual([
      '1,234,567',
      '1,000,000,000,000',
      '91.33 %',
    ]);
  });
});
