/** @file What a schema finds wrong with settings, in one sentence: where, the value found, what is allowed, the nearest name. */
import { z } from 'zod';
import { UsageError } from './error.js';
import { didYouMean } from './suggestion.js';

export interface SettingsPlace {
  /** Path of the settings within the whole, such as `['evaluation']`. */
  readonly path?: readonly PropertyKey[];
  /** Where they stand: the end of `… in FILE`, or of `… in the strategy NAME`. */
  readonly source?: string | undefined;
}

/**
 * The value as its schema has it, with defaults.
 *
 * @throws {UsageError} where something is wrong, about the first such thing
 */
export function checkSettings<S extends z.ZodType>(schema: S, value: unknown, place: SettingsPlace = {}): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UsageError(issue === undefined ? 'The settings are wrong.' : sentenceOf(issue, schema, value, place));
}

function sentenceOf(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown, place: SettingsPlace): string {
  const { path: prefix = [], source } = place;
  const where = source === undefined ? '' : ` in ${source}`;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = keysAt(schema, issue.path);
    const inside = prefix.length + issue.path.length > 0 ? ` of ${nameOf([...prefix, ...issue.path])}` : '';
    const all = known.length > 0 ? `the settings${inside} are ${known.join(', ')}` : `there are no settings${inside}`;
    return `There is no setting "${nameOf([...prefix, ...issue.path, key])}"${where}${didYouMean(key, known)}; ${all}.`;
  }
  const name = nameOf([...prefix, ...issue.path]) || 'The whole';
  const found = issue.path.reduce(property, value);
  if (found === undefined) return `The setting ${name} is missing${where}: it must be ${allowedBy(issue)}.`;
  const guess =
    issue.code === 'invalid_value' && typeof found === 'string' ? didYouMean(found, issue.values.map(String)) : '';
  return `The setting ${name}${where} is ${show(found)}${guess}, but it must be ${allowedBy(issue)}.`;
}

/** What would be right: the end of a sentence that begins with "it must be". */
export function allowedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? `of type ${issue.expected}`;
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
    case 'invalid_union':
      // A schema that has words of its own for what it allows is believed.
      if (issue.message !== 'Invalid input') return issue.message;
      return [...new Set(issue.errors.flat().map(allowedBy))].join(', or ') || 'something else';
    default:
      return issue.message.replace(/^./, (letter) => letter.toLowerCase()).replace(/\.$/, '');
  }
}

const typeNames: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  object: 'settings by name (NAME: VALUE)',
  array: 'a list',
};

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' items long' : '';
}

/** The keys that a schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const root: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const node = path.reduce<unknown>(
    (at, key) => property(property(at, 'properties'), key) ?? property(at, 'items'),
    root,
  );
  return Object.keys(property(node, 'properties') ?? {});
}

const property = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** `evaluation.augmentation[0]`. */
const nameOf = (path: readonly PropertyKey[]): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

function show(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
