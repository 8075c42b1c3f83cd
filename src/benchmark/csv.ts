/** @file Comma-separated values (RFC 4180): a header, then records of as many fields. */
import { UsageError } from '../error.js';

export interface Csv {
  readonly header: readonly string[];
  readonly records: readonly (readonly string[])[];
}

/** A field in quotes, in which `""` is one quote, or one without; then what ends it. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/**
 * Parses the text of a file.
 *
 * @param source the file's name, for errors
 * @throws {UsageError} where a record is broken, or has more or fewer fields than the header
 */
export function parseCsv(text: string, source: string): Csv {
  const [header, ...records] = recordsOf(text, source);
  if (header === undefined || records.length === 0)
    throw new UsageError(`${source} holds no table: it must have a header line and at least one line of values.`);
  for (const [index, record] of records.entries()) {
    if (record.length === header.length) continue;
    throw new UsageError(
      `Record ${index + 1} of ${source} has ${record.length} fields, but its header has ${header.length}.`,
    );
  }
  return { header, records };
}

function recordsOf(text: string, source: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  FIELD.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  while (FIELD.lastIndex < text.length || record.length > 0) {
    const match = FIELD.exec(text);
    if (match === null)
      throw new UsageError(
        `Record ${records.length} of ${source} has a quote within a field or one that is not closed.`,
      );
    const [, quoted, plain = '', end] = match;
    record.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    // A line without any text separates nothing.
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  return records;
}
