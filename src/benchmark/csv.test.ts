/** @file Comma-separated values as RFC 4180 has them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from './csv.js';

describe('CSV', () => {
  it('has quoted fields with commas, quotes and line breaks, and any line ends', () => {
    const text = '\uFEFFarch,score\r\n"[1,""a""]",2\n"two\nlines",\n\nlast,3';
    expect(parseCsv(text, 't.csv')).toEqual({
      header: ['arch', 'score'],
      records: [
        ['[1,"a"]', '2'],
        ['two\nlines', ''],
        ['last', '3'],
      ],
    });
  });

  it('may have a field of any length', () => {
    const field = 'a'.repeat(12_000_000);
    expect(parseCsv(`arch,score\n"${field}",1`, 't.csv').records).toEqual([[field, '1']]);
    expect(() => parseCsv(`arch,score\n"${field},1`, 't.csv')).toThrow('not closed');
  });

  it('is read as it was written', () => {
    const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;
    const field = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field), { minLength: 2 }), (rows) => {
        const { header, records } = parseCsv(rows.map((row) => row.map(quote).join(',')).join('\n'), 't.csv');
        expect([header, ...records]).toEqual(rows);
      }),
    );
  });

  it.each([
    ['', 'holds no table'],
    ['arch,score', 'holds no table'],
    ['arch,score\na,1,2', 'Record 1 of t.csv has 3 fields, but its header has 2.'],
    ['arch,score\n"a,1', 'Record 1 of t.csv has a quote'],
    ['arch,score\na"b,1', 'Record 1 of t.csv has a quote'],
  ])('is refused where it is broken: %j', (text, message) => {
    expect(() => parseCsv(text, 't.csv')).toThrow(message);
  });
});
