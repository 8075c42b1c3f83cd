/** @file Which columns of a table play which part: as the user says, else by their names, and always with the reason. */
import { UsageError } from '../error.js';

/** Columns as the user names them. */
export interface NamedColumns {
  /** The architectures. Default: `arch`, else the only one called `architecture`, `arch_str` or `genotype`. */
  readonly archColumn?: string | undefined;
  /**
   * What a strategy is told; higher is better. With a `*` in the place of a number, as in `valid_accuracy_*_epochs`, every such
   * column is one budget. Default: the validation column, by a word such as `val`, `valid` or `validation` in its name; of several
   * that differ in a number alone, such as epochs, the one of the smallest; where there is none, the target.
   */
  readonly signal?: string | undefined;
  /**
   * What is reported of the best by signal; higher is better. Default: the test column; of several that differ in a number
   * alone, the one of the largest; where there is none, the validation column, else the only column of scores.
   */
  readonly target?: string | undefined;
}

/** A part that is decided: its column, and why it is this one. */
export interface ColumnPart {
  readonly column: string;
  readonly reason: string;
}

export interface TableColumns {
  readonly architectures: ColumnPart;
  readonly signal: ColumnPart;
  readonly target: ColumnPart;
}

/** What the column of architectures is called, without marks between words. */
const ARCHITECTURES = ['arch', 'architecture', 'archstr', 'archstring', 'architecturestr', 'genotype'];

const VALIDATION = /^(?:val|valid|validation|dev)(?:acc|accuracy|score)?\d*$/;
const TEST = /^test(?:acc|accuracy|score)?\d*$/;
const SCORE = /^(?:acc|accuracy|score|fitness|reward|top1|f1|auc|map)$/;

/** Of these less is better, or they are no scores at all: they play a part only where the user says so. */
const NO_SCORE =
  /^(?:loss|nll|perplexity|err|error|errors|mse|mae|rank|std|var|variance|time|times|seconds|secs|ms|latency|size|samples)$/;

const NAMED = 'as named';

/**
 * The parts of a table's columns.
 *
 * @param source the file's name, for errors
 * @throws {UsageError} where no column, or more than one, may play a part, with the columns and the option that names one
 */
export function tableColumns(header: readonly string[], named: NamedColumns, source: string): TableColumns {
  const architectures = architecturesOf(header, named.archColumn, source);
  const columns = [...new Set(header)].filter((name) => name !== architectures.column);
  if (columns.length === 0)
    throw new UsageError(`${source} has no column beside "${architectures.column}": it must have one of scores.`);
  const choice = new Choice(columns, source);
  const target = named.target === undefined ? choice.target() : { column: named.target, reason: NAMED };
  const signal = named.signal === undefined ? choice.signal(target) : { column: named.signal, reason: NAMED };
  return { architectures, signal, target };
}

function architecturesOf(header: readonly string[], named: string | undefined, source: string): ColumnPart {
  if (named !== undefined) return { column: named, reason: NAMED };
  const able = header.filter((name) => ARCHITECTURES.includes(name.toLowerCase().replaceAll(/[^a-z]/g, '')));
  const [only] = able;
  if (able.includes('arch')) return { column: 'arch', reason: 'by its name' };
  if (only !== undefined && able.length === 1) return { column: only, reason: 'by its name, as there is no "arch"' };
  const found = only === undefined ? 'no column called "arch"' : `several columns of architectures: ${able.join(', ')}`;
  throw new UsageError(
    `${source} has ${found}; name the one that holds the architectures with --arch-column. The columns are ${header.join(', ')}.`,
  );
}

class Choice {
  readonly #columns: readonly string[];
  readonly #source: string;

  constructor(columns: readonly string[], source: string) {
    this.#columns = columns;
    this.#source = source;
  }

  signal(target: ColumnPart): ColumnPart {
    const validation = this.#called('signal', VALIDATION, TEST);
    if (validation.length > 0) return this.#only('signal', 'validation', validation, 'smallest');
    return { ...target, reason: 'the target, as no column is one of validation' };
  }

  target(): ColumnPart {
    const test = this.#called('target', TEST, VALIDATION);
    if (test.length > 0) return this.#only('target', 'test', test, 'largest');
    const validation = this.#called('target', VALIDATION, TEST);
    if (validation.length > 0) {
      const { column, reason } = this.#only('target', 'validation', validation, 'largest');
      return { column, reason: `${reason}, as no column is one of test` };
    }
    const scores = this.#called('target', SCORE);
    const [first, ...others] = scores.length > 0 ? scores : this.#columns;
    if (first !== undefined && others.length === 0) return { column: first, reason: 'the only column of scores' };
    return this.#only('target', 'score', scores.length > 0 ? scores : this.#columns, 'largest');
  }

  /** The columns of scores with such a word, but none of the other kind, in their names. */
  #called(part: 'signal' | 'target', word: RegExp, other?: RegExp): string[] {
    const has = (name: string, pattern: RegExp) => wordsOf(name).some((each) => pattern.test(each));
    const called = this.#columns.filter((name) => has(name, word) && (other === undefined || !has(name, other)));
    const scores = called.filter((name) => !has(name, NO_SCORE));
    if (called.length === 0 || scores.length > 0) return scores;
    throw new UsageError(
      `The names of ${called.join(', ')} in ${this.#source} do not tell scores of which more is better: name the ${part} with --${part}. The columns are ${this.#columns.join(', ')}.`,
    );
  }

  /** The one among columns that differ in a number alone. */
  #only(
    part: 'signal' | 'target',
    kind: string,
    columns: readonly string[],
    which: 'smallest' | 'largest',
  ): ColumnPart {
    const sorted = columns.toSorted((a, b) => byNumbers(numbersIn(a), numbersIn(b)));
    const column = which === 'smallest' ? sorted.at(0) : sorted.at(-1);
    if (column !== undefined && new Set(columns.map(withoutNumbers)).size === 1)
      return { column, reason: `the ${kind} column${columns.length > 1 ? ` of the ${which} number` : ''}` };
    throw new UsageError(
      `Several columns of ${this.#source} may be the ${part}: ${columns.join(', ')}. Name the right one with --${part}.`,
    );
  }
}

/** The words of a name in small letters: `cifar10-validAcc` is `cifar10`, `valid`, `acc`. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/);

/** A number that is a word, or the epochs of `12ep` and `e200`: not that of `cifar10`. */
const NUMBER = /(?<![a-z\d])(?:ep?|epochs?)?(\d+)(?:ep?|epochs?)?(?![a-z\d])/gi;

const numbersIn = (name: string): number[] => [...name.matchAll(NUMBER)].map(([, digits]) => Number(digits));

const withoutNumbers = (name: string): string => name.replaceAll(NUMBER, '*');

function byNumbers(first: readonly number[], second: readonly number[]): number {
  const differing = first.findIndex((number, index) => number !== second[index]);
  return (first[differing] ?? 0) - (second[differing] ?? 0);
}
