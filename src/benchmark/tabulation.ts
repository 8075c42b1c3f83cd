/** @file A tabulated benchmark: what the architectures of a space scored when somebody trained all of them. */
import { readBinaryFile } from '../data/binary-file.js';
import { messageOf, UsageError } from '../error.js';
import { canonicalJson, type Json } from '../json.js';
import { referred } from '../reference/reference.js';
import { spaceRegistry, spaces } from '../space/registry.js';
import type { SearchSpace } from '../space/space.js';
import type { Costs } from '../strategy/feasible/constraints.js';
import type { SearchedSpace } from '../strategy/feasible/feasible-space.js';
import { didYouMean } from '../suggestion.js';
import { type Csv, parseCsv } from './csv.js';
import { type NamedColumns, type TableColumns, tableColumns } from './table-columns.js';

/** NAS-Bench-101's 423,624 rows take 0.1 GB. */
const MOST_TABLE_BYTES = 2 ** 28;

/** Which columns play which part, and how they are read. */
export interface TabulationColumns extends NamedColumns {
  /**
   * The name of a space, or the path of a module that exports one of the user's own. Default: the only space known that
   * can read the first architecture.
   */
  readonly space?: string | undefined;
  /** Seconds of a full evaluation, known of every row. Default: each takes 1. */
  readonly time?: string | undefined;
  /**
   * Whether strategies take isomorphic architectures for different ones, as many published comparisons do. Default: not,
   * as far as the space can tell.
   */
  readonly isomorphs?: boolean | undefined;
  /** Columns that strategies know before they ask, of every row, each under its name or as `NAME=COLUMN`. Default: none. */
  readonly costs?: readonly string[] | undefined;
}

/** The signal of one fidelity. */
export interface Fidelity {
  readonly column: string;
  /** The share of a full evaluation, in (0, 1]. */
  readonly share: number;
  /** By row; NaN where the table has none. */
  readonly scores: Float64Array;
}

export class Tabulation {
  readonly space: SearchSpace;
  /** What strategies search. */
  readonly searched: SearchedSpace;
  /** The smallest share first; the last one is 1. */
  readonly fidelities: readonly Fidelity[];
  readonly target: { readonly column: string; readonly values: Float64Array };
  /** Which columns the architectures, the signal and the target are, and why. */
  readonly columns: TableColumns;
  /** Seconds of a full evaluation by row; `null` where the table does not tell. */
  readonly seconds: Float64Array | null;
  readonly #costs: readonly { readonly name: string; readonly values: Float64Array }[];
  readonly #rows = new Map<string, number>();
  /** By row. */
  readonly architectures: readonly Json[];
  /** The first row of each class of isomorphic architectures; made when an architecture has no row of its own. */
  #classes: ReadonlyMap<string, number> | undefined;

  private constructor(csv: Csv, space: SearchSpace, source: string, chosen: TableColumns, columns: TabulationColumns) {
    this.space = space;
    this.columns = chosen;
    this.searched = columns.isomorphs ? { ...this.space, canonical: canonicalJson } : this.space;
    const { architectures, signal, target } = chosen;
    this.architectures = column(csv, architectures.column, source).map((text, row) => this.#read(text, row, source));
    this.target = { column: target.column, values: scores(csv, target.column, source) };
    this.fidelities = fidelitiesOf(csv, signal.column, source);
    this.seconds = columns.time === undefined ? null : amounts(csv, columns.time, source);
    this.#costs = costColumns(columns.costs ?? []).map(([name, from]) => ({
      name,
      values: amounts(csv, from, source),
    }));
  }

  /**
   * Reads a CSV file, gzip'd where its name ends in `.gz`: a header, a column of architectures in a notation of the space, and
   * columns of numbers.
   *
   * @throws {UsageError} where the file or the space cannot be read, a column is missing, or something in it is wrong
   */
  static async read(path: string, columns: TabulationColumns = {}): Promise<Tabulation> {
    const text = new TextDecoder().decode(await readBinaryFile(path, MOST_TABLE_BYTES));
    const csv = parseCsv(text, path);
    const chosen = tableColumns(csv.header, columns, path);
    const space = await spaceOf(column(csv, chosen.architectures.column, path), columns.space, path);
    return new Tabulation(csv, space, path, chosen, columns);
  }

  /** How many architectures the table holds. */
  get size(): number {
    return this.#rows.size;
  }

  /** The best target. */
  get optimum(): number {
    const known = this.target.values.filter((value) => !Number.isNaN(value));
    return known.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
  }

  /**
   * The row of an architecture, or else the first of an isomorphic one where those are the same to strategies: a table may
   * have one row for each class, as that of NAS-Bench-101. `undefined` where the table lacks it.
   */
  rowOf(architecture: Json): number | undefined {
    const own = this.#rows.get(canonicalJson(architecture));
    if (own !== undefined) return own;
    this.#classes ??= new Map(
      this.architectures.map((each, row) => [this.searched.canonical(each), row] as const).toReversed(),
    );
    return this.#classes.get(this.searched.canonical(architecture));
  }

  /** The largest fidelity of the table within a share of a full evaluation, or its smallest. */
  fidelityOf(share: number): Fidelity {
    const [smallest] = this.fidelities;
    // Shares come from divisions and multiplications: a third of 81 epochs is 27 of them.
    const found = this.fidelities.findLast((fidelity) => fidelity.share <= share * (1 + 1e-9)) ?? smallest;
    if (found === undefined) throw new RangeError('a tabulation has a signal');
    return found;
  }

  /** The names of the costs that are known of each architecture. */
  get costs(): readonly string[] {
    return this.#costs.map(({ name }) => name);
  }

  /** What the table tells of an architecture before it is evaluated. */
  costOf(architecture: Json): Costs {
    const row = this.rowOf(architecture);
    return Object.fromEntries(
      this.#costs.map(({ name, values }) => [name, row === undefined ? undefined : values[row]]),
    );
  }

  #read(text: string, row: number, source: string): Json {
    let architecture: Json;
    try {
      architecture = this.space.parse(text);
    } catch (error) {
      // Any error: the space may be the user's own.
      throw new UsageError(
        `Record ${row + 1} of ${source} is no architecture of ${this.space.name}: ${messageOf(error)}`,
      );
    }
    const key = canonicalJson(architecture);
    const first = this.#rows.get(key);
    if (first !== undefined)
      throw new UsageError(`Records ${first + 1} and ${row + 1} of ${source} are the same architecture, ${text}.`);
    this.#rows.set(key, row);
    return architecture;
  }
}

async function spaceOf(texts: readonly string[], reference: string | undefined, source: string): Promise<SearchSpace> {
  if (reference !== undefined) return (await referred(reference, spaceRegistry)).definition;
  const [first = ''] = texts;
  const able = spaces.filter((space) => reads(space, first));
  const [only] = able;
  if (only !== undefined && able.length === 1) return only;
  const found = able.length === 0 ? 'no space' : `the spaces ${able.map((space) => space.name).join(', ')}`;
  throw new UsageError(
    `The architectures of ${source}, such as ${first.slice(0, 80)}, can be read by ${found}: name the right one with --space, or the module of your own.`,
  );
}

function reads(space: SearchSpace, text: string): boolean {
  try {
    space.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The fidelities of a signal: of one column, or of every column that has a number where the name has a `*`. */
function fidelitiesOf(csv: Csv, signal: string, source: string): Fidelity[] {
  const [before = '', after] = signal.split('*');
  if (after === undefined) return [{ column: signal, share: 1, scores: scores(csv, signal, source) }];
  const found = csv.header.flatMap((name) => {
    if (!name.startsWith(before) || !name.endsWith(after)) return [];
    const amount = Number(name.slice(before.length, name.length - after.length) || Number.NaN);
    return amount > 0 ? [{ name, amount }] : [];
  });
  if (found.length === 0) throw missing(csv, signal, source);
  const most = Math.max(...found.map(({ amount }) => amount));
  return found
    .toSorted((a, b) => a.amount - b.amount)
    .map(({ name, amount }) => ({ column: name, share: amount / most, scores: scores(csv, name, source) }));
}

function column({ header, records }: Csv, name: string, source: string): string[] {
  const index = header.indexOf(name);
  if (index < 0) throw missing({ header, records }, name, source);
  if (header.includes(name, index + 1))
    throw new UsageError(
      `${source} has several columns "${name}": every column that is used must have a name of its own.`,
    );
  return records.map((record) => record[index] ?? '');
}

function missing({ header }: Csv, name: string, source: string): UsageError {
  return new UsageError(
    `There is no column "${name}" in ${source}${didYouMean(name, header)}; the columns are ${header.join(', ')}.`,
  );
}

/** Name and column of each cost, written as `COLUMN` or `NAME=COLUMN`. */
function costColumns(costs: readonly string[]): (readonly [name: string, column: string])[] {
  const named = costs.map((cost) => {
    const [, name = cost, column = cost] = /^([^=]*)=(.*)$/s.exec(cost) ?? [];
    if (name !== '' && column !== '') return [name, column] as const;
    throw new UsageError(`A cost is "${cost}", but it must be COLUMN or NAME=COLUMN.`);
  });
  const repeated = named.find(([name], index) => named.findIndex(([other]) => other === name) < index);
  if (repeated === undefined) return named;
  throw new UsageError(
    `Two costs are called ${repeated[0]}: write one of them as NAME=${repeated[1]} with another name.`,
  );
}

/**
 * Scores, NaN where a row has none.
 * @throws {UsageError} where no row has any
 */
function scores(csv: Csv, name: string, source: string): Float64Array {
  const values = numbers(csv, name, source);
  if (!values.every(Number.isNaN)) return values;
  throw new UsageError(`No record of ${source} has a number as its ${name}: name another column.`);
}

/** What every row must tell: seconds or costs. */
function amounts(csv: Csv, name: string, source: string): Float64Array {
  const values = numbers(csv, name, source);
  const row = values.findIndex((value) => !(value >= 0));
  if (row < 0) return values;
  const text = column(csv, name, source)[row];
  throw new UsageError(
    `Record ${row + 1} of ${source} has "${text}" as its ${name}, which must be a number from 0 on.`,
  );
}

/** NaN where a row has none. */
function numbers(csv: Csv, name: string, source: string): Float64Array {
  return Float64Array.from(column(csv, name, source), (text, row) => {
    if (/^(nan|na|null|)$/i.test(text.trim())) return Number.NaN;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    throw new UsageError(`Record ${row + 1} of ${source} has "${text}" as its ${name}, which must be a number.`);
  });
}
