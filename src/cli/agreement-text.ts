/** @file Correlations between several columns as people read them: a triangle of Spearman's ρ with intervals. */
import type { Agreement } from '../correlation/agreement.js';
import { table } from './table.js';

/** What stands in a row of its own and heads a column. */
export interface AgreementColumn {
  readonly name: string;
  /** What more is to be said of it, in a column of its own. */
  readonly note: string;
}

/** Spearman's ρ and its interval for each pair, the first of the pair to the left and the second above. */
export function agreementTable(
  columns: readonly AgreementColumn[],
  pairs: readonly Agreement[],
  noteTitle: string,
): string {
  const [, ...above] = columns;
  return table(
    ['', ...above.map(({ name }) => ` ${name}`), ` ${noteTitle}`],
    columns.map(({ name, note }) => [
      name,
      ...above.map((other) => agreementText(pairs.find(({ a, b }) => a === name && b === other.name))),
      note,
    ]),
  );
}

/** `.87 [.61, .95]`; a dash where all values of a column are equal. */
function agreementText(pair: Agreement | undefined): string {
  if (pair === undefined) return '';
  if (Number.isNaN(pair.spearman)) return '–';
  return `${decimals(pair.spearman)} [${decimals(pair.interval.low)}, ${decimals(pair.interval.high)}]`;
}

/** `.87`, `-.05`, `1.00`. */
const decimals = (value: number): string => value.toFixed(2).replace(/^(-?)0\./, '$1.');
