/** @file A strict reader of Python literals, of which JSON is a part: what people paste of architectures. Nothing is evaluated. */
import { UsageError } from '../../error.js';

/** What a literal says: tuples and arrays are lists, and keys are text. */
export type PythonLiteral =
  | null
  | boolean
  | number
  | string
  | readonly PythonLiteral[]
  | { readonly [key: string]: PythonLiteral };

/** A call of something that the reader does not know, such as `Genotype(normal=[…], …)`. */
export class Call {
  constructor(
    readonly name: string,
    readonly positional: readonly PythonLiteral[],
    readonly keywords: ReadonlyMap<string, PythonLiteral>,
  ) {}

  /** The arguments by their names, which positional ones have in this order. */
  named(names: readonly string[]): ReadonlyMap<string, PythonLiteral> {
    return new Map([
      ...this.positional.map((value, index) => [names[index] ?? `${index}`, value] as const),
      ...this.keywords,
    ]);
  }
}

/** Far more than any architecture has, and far less than the call stack holds. */
const DEEPEST_NESTING = 200;

/** Far more numbers than any architecture spells by a range. */
const LONGEST_RANGE = 1000;

const CONSTANTS: ReadonlyMap<string, PythonLiteral> = new Map<string, PythonLiteral>([
  ['None', null],
  ['null', null],
  ['True', true],
  ['true', true],
  ['True_', true],
  ['False', false],
  ['false', false],
  ['False_', false],
]);

/** Calls that stand for their only argument, as numpy prints them. */
const WRAPPERS = /^(?:list|tuple|array|asarray|str_?|int(?:8|16|32|64)?|uint(?:8|16|32|64)|float(?:16|32|64)?|bool_?)$/;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['\n', ''],
  ...['\\', '/', "'", '"'].map((mark) => [mark, mark] as const),
]);

/**
 * Reads one value, with `name =` before it or not: numbers, strings, `None`, `True`, `False` (and `null`, `true`, `false`), lists,
 * tuples, dicts, `range(2, 6)` and numpy's `array([…], dtype=int8)`. There may be comments, line breaks and trailing commas;
 * blanks alone may separate the items of lists, as numpy prints arrays. Several values are a list.
 *
 * @throws {UsageError} where the text is anything else, with the place
 */
export function readLiteral(text: string): PythonLiteral | Call {
  return new LiteralReader(text).read();
}

/** The same, `undefined` where the text is anything else. */
export function literalIn(text: string): PythonLiteral | Call | undefined {
  try {
    return readLiteral(text);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** A value as errors show it. */
export const shown = (value: unknown): string => (JSON.stringify(value) ?? 'missing').slice(0, 80);

class LiteralReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): PythonLiteral | Call {
    this.#skipBlanks();
    this.#take(/[A-Za-z_][\w.]*\s*(?::[^=\n]*)?=(?!=)/y);
    const first = this.#value();
    const items: PythonLiteral[] = [];
    for (let isSeparate = this.#separator(); this.#at < this.#text.length; isSeparate = this.#separator()) {
      if (!isSeparate || first instanceof Call) throw this.#unexpected('the end');
      items.push(this.#inner());
    }
    return items.length === 0 || first instanceof Call ? first : [first, ...items];
  }

  #value(): PythonLiteral | Call {
    this.#skipBlanks();
    const begin = this.#text[this.#at] ?? '';
    if (begin === '[' || begin === '(') return this.#list(begin);
    if (begin === '{') return this.#dict();
    if (begin === '"' || begin === "'" || this.#take(/[bu](?=['"])/iy) !== undefined) return this.#string();
    if (/[-+.\d]/.test(begin)) return this.#number();
    const name = this.#take(/[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*/y);
    if (name === undefined) throw this.#unexpected('a value');
    return this.#named(name);
  }

  /** A value within another one. */
  #inner(): PythonLiteral {
    this.#skipBlanks();
    const at = this.#at;
    const value = this.#value();
    if (!(value instanceof Call)) return value;
    throw this.#error(`"${value.name}(…)" is nothing that stands within a value`, at);
  }

  #list(open: '[' | '('): PythonLiteral {
    const { items, commas } = this.#items(open === '[' ? ']' : ')', () => this.#inner());
    const [only] = items;
    // Python's brackets around one value are no tuple.
    return open === '(' && commas === 0 && items.length === 1 && only !== undefined ? only : items;
  }

  /** What stands between two brackets, the first of which is next. */
  #items<T>(close: string, item: () => T): { readonly items: T[]; readonly commas: number } {
    const opened = this.#at++;
    if (++this.#depth > DEEPEST_NESTING) throw this.#error(`it goes deeper than ${DEEPEST_NESTING} levels`, opened);
    const items: T[] = [];
    let commas = 0;
    let isSeparate = true;
    for (;;) {
      this.#skipBlanks();
      if (this.#at >= this.#text.length) throw this.#error(`"${this.#text[opened]}" is not closed`, opened);
      if (this.#text[this.#at] === close) break;
      if (!isSeparate) throw this.#unexpected(`"," or "${close}"`);
      items.push(item());
      const from = this.#at;
      isSeparate = this.#separator();
      if (this.#text.slice(from, this.#at).trimStart().startsWith(',')) commas++;
    }
    this.#at++;
    this.#depth--;
    return { items, commas };
  }

  /** Whether blanks or a comma came. */
  #separator(): boolean {
    const before = this.#at;
    this.#skipBlanks();
    if (this.#text[this.#at] === ',') this.#at++;
    this.#skipBlanks();
    return this.#at > before;
  }

  #dict(): PythonLiteral {
    const { items } = this.#items('}', () => {
      this.#skipBlanks();
      const at = this.#at;
      const key = this.#inner();
      if (typeof key !== 'string' && typeof key !== 'number') throw this.#error('a key must be text or a number', at);
      this.#skipBlanks();
      if (this.#take(/:/y) === undefined) throw this.#unexpected('":"');
      return { key: String(key), value: this.#inner(), at };
    });
    return this.#object(items);
  }

  #object(
    entries: readonly { readonly key: string; readonly value: PythonLiteral; readonly at: number }[],
  ): PythonLiteral {
    const values = new Map<string, PythonLiteral>();
    for (const { key, value, at } of entries) {
      if (values.has(key)) throw this.#error(`the key ${JSON.stringify(key)} comes twice`, at);
      values.set(key, value);
    }
    return Object.fromEntries(values);
  }

  #string(): string {
    const opened = this.#at++;
    const quote = this.#text[opened];
    let value = '';
    for (;;) {
      const mark = this.#text[this.#at];
      if (mark === undefined || mark === '\n') throw this.#error('the quote is not closed', opened);
      if (mark === '\\') {
        value += this.#escape();
        continue;
      }
      this.#at++;
      if (mark === quote) return value;
      value += mark;
    }
  }

  #escape(): string {
    const code = this.#take(/\\(?:x[\da-f]{2}|u[\da-f]{4})/iy);
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code.slice(2), 16));
    const meaning = ESCAPES.get(this.#text[this.#at + 1] ?? '');
    if (meaning === undefined) throw this.#error('a backslash has no meaning', this.#at);
    this.#at += 2;
    return meaning;
  }

  #number(): number {
    const at = this.#at;
    const digits = this.#take(/[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?(?![\w.])/iy);
    const value = Number(digits);
    if (digits === undefined || !Number.isFinite(value)) throw this.#error('there is no number that can be read', at);
    return value;
  }

  /** A constant or a call; of `numpy.array` the last part counts. */
  #named(path: string): PythonLiteral | Call {
    const at = this.#at - path.length;
    const name = path.slice(path.lastIndexOf('.') + 1);
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return constant;
    this.#skipBlanks();
    if (this.#text[this.#at] !== '(')
      throw this.#error(`"${path.slice(0, 40)}" stands for nothing, and text must be in quotes`, at);
    const positional: PythonLiteral[] = [];
    const keywords: { readonly key: string; readonly value: PythonLiteral; readonly at: number }[] = [];
    this.#items(')', () => {
      this.#skipBlanks();
      const from = this.#at;
      const key = this.#take(/[A-Za-z_]\w*\s*=(?!=)/y)?.replace(/\s*=$/, '');
      if (key === undefined) positional.push(this.#inner());
      // The types of arrays are names or text, and change nothing.
      else if (key === 'dtype') this.#take(/\s*[\w.'"<>|]+/y);
      else keywords.push({ key, value: this.#inner(), at: from });
    });
    const named = this.#object(keywords);
    const [first, ...others] = positional;
    if (name === 'range') return this.#range(positional, at);
    if (name === 'dict' || name === 'OrderedDict') return first === undefined ? named : this.#pairs(first, at);
    if (WRAPPERS.test(name)) {
      if (first !== undefined && others.length === 0 && keywords.length === 0) return first;
      throw this.#error(`"${path}" must have one argument`, at);
    }
    return new Call(name, positional, new Map(keywords.map(({ key, value }) => [key, value])));
  }

  #range(numbers: readonly PythonLiteral[], at: number): number[] {
    const [start, end, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers;
    const areWhole = [start, end, step].every(Number.isSafeInteger) && numbers.length <= 3;
    if (!areWhole || typeof start !== 'number' || typeof end !== 'number' || typeof step !== 'number' || step === 0)
      throw this.#error('a range must have whole numbers, as range(2, 6)', at);
    const length = Math.max(0, Math.ceil((end - start) / step));
    if (length > LONGEST_RANGE) throw this.#error(`a range has more than ${LONGEST_RANGE} numbers`, at);
    return Array.from({ length }, (_, index) => start + index * step);
  }

  /** A dict from another one, or from pairs. */
  #pairs(from: PythonLiteral, at: number): PythonLiteral {
    if (!isList(from)) return from;
    return this.#object(
      from.map((pair) => {
        const [key, value] = isList(pair) && pair.length === 2 ? pair : [];
        if (typeof key === 'string' && value !== undefined) return { key, value, at };
        throw this.#error('a dict must be made of pairs, as [("a", 1)]', at);
      }),
    );
  }

  #skipBlanks(): void {
    // One at a time: a pattern that repeats alternatives would need memory for each.
    while (this.#take(/\s+|#.*|\\\r?\n/y) !== undefined);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #unexpected(expected: string): UsageError {
    const found = this.#at < this.#text.length ? `there is ${JSON.stringify(this.#text[this.#at])}` : 'the text ends';
    return this.#error(`${expected} must come, but ${found}`, this.#at);
  }

  #error(problem: string, at: number): UsageError {
    const lines = this.#text.slice(0, at).split('\n');
    const line = lines.length > 1 || this.#text.includes('\n') ? `line ${lines.length}, ` : '';
    const column = (lines.at(-1) ?? '').length + 1;
    return new UsageError(
      `"${this.#text.trim().slice(0, 80)}" is neither JSON nor in another notation of its space: at ${line}column ${column}, ${problem}. \`nas spaces SPACE\` lists the notations.`,
    );
  }
}

const isList = (value: PythonLiteral): value is readonly PythonLiteral[] => Array.isArray(value);
