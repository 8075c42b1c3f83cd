/** @file An evaluation of the user's own, of which everything is checked that it gives before candidates are evaluated. */
import { hasMethods, shownValue, type UserCode, withGuardedMethods } from '../user-code.js';
import type { EvaluationDefinition } from './evaluation.js';
import { measureSchema } from './metric.js';

/**
 * The definition, all of whose functions are called as code of the user's. What `evaluate` gives is checked by who asked
 * for it.
 *
 * @throws {UsageError} where its measure is none
 */
export function guardedEvaluation(definition: EvaluationDefinition, code: UserCode): EvaluationDefinition {
  const measure = measureSchema.safeParse(definition.measure).data;
  if (measure?.metrics[measure.score]?.direction === undefined) {
    const allowed =
      'be { metrics, score }, each metric with title and format, and the one of the score with a direction';
    throw code.wrong('measure', `is ${shownValue(definition.measure)}`, allowed);
  }
  return {
    ...definition,
    create(settings) {
      const created = code.run('create', () => definition.create(settings));
      if (!hasMethods(created, ['evaluate'])) {
        throw code.wrong('create', `gave ${shownValue(created)}`, 'give an evaluation, { evaluate }');
      }
      return withGuardedMethods(created, {
        call: code.run.bind(code),
        check(name, result) {
          if (name !== 'leastFidelity' || (typeof result === 'number' && result > 0 && result <= 1)) return;
          throw code.wrong(name, `gave ${shownValue(result)}`, 'give a share of a full evaluation, in (0, 1]');
        },
      });
    },
  };
}
