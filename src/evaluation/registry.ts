/** @file The evaluations by name. */
import { Registry } from '../registry.js';
import type { EvaluationDefinition } from './evaluation.js';
import { guardedEvaluation } from './guarded-evaluation.js';
import { inherit } from './inherit.js';
import { train } from './train.js';
import { zeroCost } from './zero-cost.js';

const text = {
  noun: 'evaluation',
  plural: 'evaluations',
  maker: 'defineEvaluation({ … })',
  members: { string: ['name', 'title', 'paper', 'description'], function: ['create'], object: ['settings', 'measure'] },
  guarded: guardedEvaluation,
};

/** The registry of evaluations. */
export const evaluationRegistry = new Registry<EvaluationDefinition>(text, [train, inherit, zeroCost]);

/** Every evaluation, in the order in which they are listed. */
export const evaluations: readonly EvaluationDefinition[] = evaluationRegistry.all;

/**
 * Makes an evaluation of one's own known by its name. Trials run in processes of their own: a search finds it there if it is
 * referred to by the module that exports it.
 * @throws {UsageError} where there is an evaluation of this name
 */
export function registerEvaluation(evaluation: EvaluationDefinition): void {
  evaluationRegistry.register(evaluation);
}

/**
 * The evaluation of this name.
 * @throws {UsageError} where there is none, with the nearest name
 */
export const evaluationNamed = (name: string): EvaluationDefinition => evaluationRegistry.named(name);
