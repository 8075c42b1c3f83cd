/** @file What a call of the user's own code may take. */
import { UsageError } from '../../error.js';
import { byteCount, type NumberText, positive } from '../../quantity/number-text.js';

export interface Allowance {
  /** Of one call. */
  readonly seconds: number;
  /** By which the process may grow in one call. */
  readonly bytes: number;
}

/** More than any network takes to be built, and less than anybody waits for one. */
const defaults: Allowance = { seconds: 60, bytes: 2 * 2 ** 30 };

/**
 * The allowance as the environment has it.
 * @throws {UsageError} where a variable holds no such quantity
 */
export function allowanceFrom(env: NodeJS.ProcessEnv): Allowance {
  return {
    seconds: quantityOf(env, 'NASTURTIUM_MODULE_SECONDS', positive) ?? defaults.seconds,
    bytes: quantityOf(env, 'NASTURTIUM_MODULE_MEMORY', byteCount) ?? defaults.bytes,
  };
}

function quantityOf(env: NodeJS.ProcessEnv, name: string, { parse, allowed }: NumberText): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const value = parse(text);
  if (value !== undefined) return value;
  throw new UsageError(`The environment variable ${name} is "${text}", but it must be ${allowed}.`);
}
