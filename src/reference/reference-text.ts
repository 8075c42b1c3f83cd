/** @file References as they are written on a command line: `NAME`, or `NAME:key=value,key=value` with settings. */
import { parse } from 'yaml';
import { firstLineOf } from '../error.js';
import type { Reference } from '../registry.js';

/** Settings by name, as users write them. */
export interface WrittenSettings {
  readonly [key: string]: unknown;
}

/** A reference as users write it. */
export interface WrittenReference {
  /** A name, or the path of a module. */
  readonly name: string;
  readonly settings: WrittenSettings;
}

/** An example of settings behind a name. */
export const referenceExample = 'regularized-evolution:populationSize=10,sampleSize=3';

/**
 * Reads `NAME` or `NAME:key=value,…`; a key may be a path such as `proposer.name`, a value is YAML.
 * @returns what is wrong, as the end of a sentence that begins with "it must be", where it is not written so
 */
export function parseReference(text: string): WrittenReference | string {
  const [, name = text, settings] = /^(.*?):(\s*[\w.]+=.*)$/s.exec(text.trim()) ?? [];
  // A path may hold a colon, as on Windows.
  if (settings === undefined && text.includes(':') && !/\.[cm]?[jt]s$/i.test(text)) return asWritten;
  // A comma within a value is followed by no key.
  let placed: WrittenSettings = {};
  for (const pair of settings?.split(/,(?=\s*[\w.]+=)/) ?? []) {
    const assignment = parseAssignment(pair);
    if (typeof assignment === 'string') return asWritten;
    placed = place(placed, assignment);
  }
  return name === '' ? asWritten : { name, settings: placed };
}

const asWritten = `a name, or a name with its settings (such as ${referenceExample})`;

/** The reference as a config has it, from a study that keeps it. */
export const writtenReference = ({
  name,
  module = name,
  settings,
}: Reference): WrittenSettings & { readonly name: string } => ({
  name: module,
  ...settings,
});

/** The value for a path of keys. */
export interface Assignment {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Reads `path.to.key=value`, the value being YAML. @returns what it must be instead, where it is not written so */
export function parseAssignment(text: string): Assignment | string {
  const [, path, value] = /^\s*(\w+(?:\.\w+)*)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined) return 'a key with its value, such as evaluation.epochs=2';
  if (value.trim() === '') return `a key with its value, such as ${path}=2, or ${path}=null for none`;
  try {
    return { path: path.split('.'), value: parse(value) };
  } catch (error) {
    return `a key with a value in YAML (${firstLineOf(error)})`;
  }
}

/** The settings with a value at a path; what stands in its way and holds no settings is replaced. */
export function place(settings: WrittenSettings, { path: [key = '', ...path], value }: Assignment): WrittenSettings {
  if (path.length === 0) return { ...settings, [key]: value };
  return { ...settings, [key]: place(settingsAt(settings, key), { path, value }) };
}

function settingsAt(settings: WrittenSettings, key: string): WrittenSettings {
  const inner = settings[key];
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
}
