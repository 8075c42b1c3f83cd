/** @file All evaluations by name. */
import { UsageError } from '../error.js';
import { didYouMean } from '../suggestion.js';
import type { EvaluationDefinition } from './evaluation.js';
import { train } from './train.js';

export const evaluations: Readonly<Record<string, EvaluationDefinition>> = { [train.name]: train };

/** The evaluation of that name. Throws a `UsageError` that names the nearest one. */
export function evaluationNamed(name: string): EvaluationDefinition {
  const evaluation = Object.hasOwn(evaluations, name) ? evaluations[name] : undefined;
  if (evaluation !== undefined) return evaluation;
  const names = Object.keys(evaluations);
  throw new UsageError(`There is no evaluation "${name}"${didYouMean(name, names)}; there are ${names.join(', ')}.`);
}
