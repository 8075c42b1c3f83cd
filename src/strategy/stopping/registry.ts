/** @file The stopping rules by name. */
import { UsageError } from '../../error.js';
import { didYouMean } from '../../suggestion.js';
import { median } from './median.js';
import type { StoppingDefinition } from './stopping.js';
import { successiveHalvingStopping } from './successive-halving.js';

export const stoppingRules: readonly StoppingDefinition[] = [median, successiveHalvingStopping];

/** The rule of this name. @throws {UsageError} with the nearest name if there is none */
export function stoppingNamed(name: string): StoppingDefinition {
  const rule = stoppingRules.find((one) => one.name === name);
  if (rule !== undefined) return rule;
  const names = stoppingRules.map((one) => one.name);
  throw new UsageError(`There is no stopping rule "${name}"${didYouMean(name, names)}; there are ${names.join(', ')}.`);
}
