/** @file A study that cannot be read, in a store whose other studies can. */
import type { z } from 'zod';
import { WorkError } from '../error.js';

/** The version of what the rows hold: configurations and events. */
export const FORMAT_VERSION = 2;

/** Why one study cannot be read, as a sentence; `problem` is the core of it. */
export class StudyDamage extends WorkError {
  readonly problem: string;

  constructor(study: string, file: string, problem: string) {
    super(
      `The study "${study}" in ${file} cannot be read (${problem}). The other studies of the store can be used; restore this one from a backup, or start a new one.`,
    );
    this.problem = problem;
  }
}

/** What is wrong with a row of a later version. */
export const newerFormat = (version: number): string =>
  `it was written by a newer nasturtium, in format ${version} where this one reads ${FORMAT_VERSION}: update with \`npm install nasturtium@latest\``;

/** The first problem that was found, with its place. */
export function problemOf({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it makes no sense' : `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}
