/** @file Whether evaluations as they were set fit the data and the strategy, before a study begins. */
import type { Dataset } from '../data/dataset.js';
import { messageOf, UsageError } from '../error.js';
import type { EvaluationDefinition } from '../evaluation/evaluation.js';
import { evaluationNamed } from '../evaluation/registry.js';
import type { Json } from '../json.js';
import type { Strategy } from '../strategy/strategy.js';

/**
 * @param place where the settings stand in a config: `evaluation` or `final`
 * @param evaluation whose settings they are
 * @throws UsageError that names the place, where the settings do not fit the data
 */
export function checkEvaluation(
  place: string,
  evaluation: { readonly name: string; readonly settings: Json },
  dataset: Dataset,
): void {
  try {
    evaluationNamed(evaluation.name).check?.(evaluation.settings, dataset);
  } catch (error) {
    throw new UsageError(`The setting ${place} does not fit the data. ${messageOf(error)}`);
  }
}

/**
 * The smallest budget of a strategy that has not been asked yet: those that have several begin with it. It is told an answer,
 * too, so that a quantity which it needs and nobody knows shows before anything is trained.
 *
 * @throws UsageError where it needs to know more of a candidate than is known before its evaluation
 */
export async function leastBudget(strategy: Strategy): Promise<number> {
  const first = await strategy.ask();
  if (typeof first === 'string') return 1;
  await strategy.tell(0, { state: 'completed', score: 0 });
  return first.budget ?? 1;
}

/** Who asks for budgets, and who is to spend them. */
export interface BudgetedSearch {
  readonly strategy: { readonly name: string; readonly created: Strategy };
  readonly evaluation: Pick<EvaluationDefinition, 'name' | 'checkBudget'>;
  readonly settings: Json;
}

/**
 * Whether an evaluation can spend the budgets of a strategy.
 *
 * @throws UsageError where it cannot: it would spend more than the strategy counts on, and scores would not compare
 */
export async function checkBudget({ strategy, evaluation, settings }: BudgetedSearch, dataset: Dataset): Promise<void> {
  const budget = await leastBudget(strategy.created);
  if (budget >= 1) return;
  const place = `The strategy ${strategy.name} begins with ${budget.toPrecision(3)} of a full evaluation`;
  if (evaluation.checkBudget === undefined) {
    throw new UsageError(
      `${place}, but the evaluation ${evaluation.name} has full ones only: choose another strategy.`,
    );
  }
  try {
    evaluation.checkBudget(settings, dataset, budget);
  } catch (error) {
    throw new UsageError(`${place}, which is too little. ${messageOf(error)}`);
  }
}
