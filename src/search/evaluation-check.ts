/** @file Whether evaluations as they were set fit the data and the strategy, before a study begins. */
import type { Dataset } from '../data/dataset.js';
import { messageOf, UsageError } from '../error.js';
import { type Evaluation, factsOf } from '../evaluation/evaluation.js';
import type { Strategy } from '../strategy/strategy.js';

/**
 * @param place where the settings stand in a config: `evaluation` or `final`
 * @throws {UsageError} that names the place, where the settings do not fit the data
 */
export function checkEvaluation(place: string, evaluation: Evaluation, dataset: Dataset): void {
  try {
    evaluation.check?.(dataset);
  } catch (error) {
    throw new UsageError(`The setting ${place} does not fit the data. ${messageOf(error)}`);
  }
}

/**
 * The smallest fidelity of a strategy that has not been asked yet: those that have several begin with it. It is told an answer,
 * too, so that a quantity which it needs and nobody knows shows before anything is trained.
 *
 * @throws {UsageError} where it needs to know more of a candidate than is known before its evaluation
 */
export async function leastFidelity(strategy: Strategy): Promise<number> {
  const first = await strategy.ask();
  if (typeof first === 'string') return 1;
  await strategy.tell(0, { state: 'completed', score: 0 });
  return first.fidelity ?? 1;
}

/** Who asks for fidelities, and who is to spend them. */
export interface SearchOfFidelities {
  readonly strategy: { readonly name: string; readonly created: Strategy };
  readonly evaluation: { readonly name: string; readonly created: Evaluation };
}

/**
 * Whether an evaluation can spend the fidelities of a strategy.
 *
 * @throws {UsageError} where it cannot: it would spend more than the strategy counts on, and scores would not compare
 */
export async function checkFidelity({ strategy, evaluation }: SearchOfFidelities, dataset: Dataset): Promise<void> {
  const wanted = await leastFidelity(strategy.created);
  if (wanted >= 1) return;
  const place = `The strategy ${strategy.name} begins with ${wanted.toPrecision(3)} of a full evaluation`;
  const least = evaluation.created.leastFidelity?.(factsOf(dataset));
  if (least === undefined) {
    throw new UsageError(
      `${place}, but the evaluation ${evaluation.name} has full ones only: choose another strategy.`,
    );
  }
  // Shares come from divisions: a 49th of 49 steps is one.
  if (wanted >= least * (1 - 1e-9)) return;
  throw new UsageError(
    `${place}, which is too little: the least that the evaluation ${evaluation.name} can spend on these data is ${least.toPrecision(3)} of one. ` +
      `Make full evaluations longer (more epochs, more images, smaller batches), or give strategy.resource a value of at most ${Math.floor(1 / least + 1e-9)}.`,
  );
}
