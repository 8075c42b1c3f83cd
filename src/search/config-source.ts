/** @file Where the config of a search comes from: a YAML file, options, and single assignments, put together before they are checked. */
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { messageOf, UsageError } from '../error.js';
import { type Assignment, parseReference, place, type WrittenSettings } from '../reference/reference-text.js';
import { readRegularFile } from '../regular-file.js';
import { settingRows } from './settings.js';

/** A config, unchecked. */
type Config = WrittenSettings;

/** The sources of one config. */
export interface ConfigSources {
  readonly file?: Config;
  /** What options set: goes before the file. */
  readonly options?: Config;
  /** Go last, in their order. */
  readonly assignments?: readonly Assignment[];
}

/**
 * One config of all sources. Where an option names the same definition as the file, the file's settings stay beside the option's.
 */
export function mergeConfig({ file = {}, options = {}, assignments = [] }: ConfigSources): Config {
  const merged: { [key: string]: unknown } = { ...file, ...options };
  for (const [key, { reference }] of settingRows) {
    if (reference === undefined) continue;
    const inFile = withSettings(file[key] ?? reference.fallback ?? undefined);
    const given = withSettings(options[key]);
    if (inFile !== undefined && given !== undefined && inFile.name === given.name)
      merged[key] = { ...inFile, ...given };
    if (assignments.some(({ path }) => path[0] === key && path.length > 1)) {
      merged[key] = withSettings(merged[key] ?? reference.fallback ?? undefined);
    }
  }
  return assignments.reduce<Config>(place, merged);
}

/** A reference as an object, whose settings can be changed; `undefined` where it is none. */
function withSettings(reference: unknown): (Config & { readonly name?: unknown }) | undefined {
  if (typeof reference === 'object' && reference !== null) return { ...reference };
  const parsed = typeof reference === 'string' ? parseReference(reference) : reference;
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { name, settings } = referenceSchema.parse(parsed);
  return { name, ...settings };
}

const referenceSchema = z.object({ name: z.string(), settings: z.record(z.string(), z.unknown()) });

/**
 * Reads a YAML config file, unchecked.
 *
 * @throws {UsageError} where it cannot be read, or is not YAML with settings by name
 */
export async function readSearchConfig(file: string): Promise<{ readonly [key: string]: unknown }> {
  let content: string;
  try {
    content = (await readRegularFile(file)).toString();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new UsageError(`There is no config file ${file}.`);
    if (code === 'EISDIR') {
      throw new UsageError(
        `The config ${file} is a folder, not a file. To learn from its images, write --data ${file}.`,
      );
    }
    throw new UsageError(`The config file ${file} cannot be read (${messageOf(error)}).`);
  }
  const document = parseDocument(content);
  const [problem] = document.errors;
  if (problem?.code === 'MULTIPLE_DOCS') {
    throw new UsageError(`The config file ${file} holds several documents, divided by ---: keep one.`);
  }
  if (problem !== undefined) throw notYaml(file, problem);
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // Aliases are looked up only here: unknown ones, and those that would fill the memory.
    throw notYaml(file, error);
  }
  if (value === null) return {};
  const settings = z.record(z.string(), z.unknown()).safeParse(value);
  if (settings.success) return settings.data;
  throw new UsageError(
    `The config file ${file} holds no settings: it must be lines of NAME: VALUE, such as "data: digits".`,
  );
}

const notYaml = (file: string, problem: unknown): UsageError =>
  new UsageError(`The config file ${file} is not YAML: ${messageOf(problem).split('\n', 1)[0]?.replace(/:$/, '')}.`);
