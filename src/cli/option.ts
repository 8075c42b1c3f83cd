/** @file Options of commands: read and checked as they are given, described with their defaults. */
import { Option } from 'commander';
import { UsageError } from '../error.js';
import type { NumberText } from '../quantity/number-text.js';

/** Reads a value of an option; the name is for the error. @throws {UsageError} where the text is no such number */
export function numberOf(name: string, kind: NumberText): (text: string) => number {
  return (text) => {
    const value = kind.parse(text);
    if (value !== undefined) return value;
    throw new UsageError(`The option ${name} is "${text}", but it must be ${kind.allowed}.`);
  };
}

/** An option whose value is a number. `fallback` says what holds without it. */
export function numberOption(flags: string, description: string, kind: NumberText, fallback: number | string): Option {
  const option = new Option(flags, description).argParser(numberOf(namesOf(flags), kind));
  return withFallback(option, fallback);
}

/** The value of an option. @throws {UsageError} where it is empty */
export function textOf(name: string, text: string): string {
  if (text.trim() !== '') return text;
  throw new UsageError(`The option ${name} is empty: give it a value, or leave it out.`);
}

/** An option whose value is any text. `fallback` in brackets is a description, not a value. */
export const textOption = (flags: string, description: string, fallback: string): Option =>
  withFallback(
    new Option(flags, description).argParser((text: string) => textOf(namesOf(flags), text)),
    fallback,
  );

/**
 * What the help shows as the default. Only numbers become the option's value: for other options the command must tell
 * whether the user gave them, as they go before those of a config file.
 */
const withFallback = (option: Option, fallback: number | string): Option =>
  typeof fallback === 'number' ? option.default(fallback, String(fallback)) : option.default(undefined, fallback);

/** The option without its value: `-n, --count`. */
const namesOf = (flags: string): string => flags.replace(/ [<[].*$/, '');

/** How the help ends the description of an option. */
export function defaultOf(option: Option): string {
  if (option.mandatory) return 'required';
  if (option.defaultValueDescription !== undefined) return `default: ${option.defaultValueDescription}`;
  if (option.negate) return 'default: it is done';
  if (option.isBoolean()) return 'default: off';
  return 'default: none';
}

/** Which modules may run that a file names; may be given several times. */
export const allowModuleOption = (): Option =>
  new Option(
    '--allow-module <module>',
    'a module that a study or a file names and that may run, by its path or its sha-256',
  )
    .default(undefined, 'those of your own studies that have not changed')
    .argParser((text: string, others: readonly string[] | undefined) => [...(others ?? []), text]);

/** Where studies are kept. */
export const storeOption = (): Option =>
  textOption(
    '--store <file>',
    'the file that holds the studies',
    "NASTURTIUM_STORE, else studies.db in the user's data folder",
  );
