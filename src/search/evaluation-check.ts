/** @file Whether evaluations as they were set fit the data and the strategy, before a study begins. */
import type { Dataset } from '../data/dataset.js';
import { messageOf, UsageError } from '../error.js';
import { type Evaluation, factsOf } from '../evaluation/evaluation.js';
import { Random } from '../random.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { spaceNamed } from '../space/registry.js';
import { type BuildTarget, buildNetwork, UnbuildableArchitecture } from '../space/space.js';
import { unknownQuantity } from '../strategy/feasible/constraints.js';
import type { StrategyDefinition } from '../strategy/strategy.js';

/**
 * @param place where the settings stand in a config: `evaluation` or `final`
 * @throws {UsageError} where the settings do not fit the data, with the place
 */
export function checkEvaluation(place: string, evaluation: Evaluation, dataset: Dataset): void {
  try {
    evaluation.check?.(dataset);
  } catch (error) {
    throw new UsageError(`The setting ${place} does not fit the data. ${messageOf(error)}`);
  }
}

/** Who asks for fidelities and quantities, as it is set. */
export interface ChosenStrategy {
  readonly definition: StrategyDefinition;
  readonly settings: unknown;
}

/** The quantities that are known of candidates: some from the start, others only once they were evaluated. */
export interface KnownQuantities {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** @throws {UsageError} where a strategy works with a quantity that nobody will know when it is needed */
export function checkQuantities({ definition, settings }: ChosenStrategy, { before, after }: KnownQuantities): void {
  for (const use of definition.quantities?.(settings) ?? []) {
    const known = use.use === 'screen by' ? before : after;
    if (!known.includes(use.quantity)) throw unknownQuantity(use, known);
  }
}

/**
 * Whether an evaluation can spend the fidelities of a strategy.
 *
 * @throws {UsageError} where it cannot: it would spend more than the strategy counts on, and scores would not compare
 */
export function checkFidelity(
  { definition, settings }: ChosenStrategy,
  evaluation: { readonly name: string; readonly created: Evaluation },
  dataset: Dataset,
): void {
  const wanted = definition.leastFidelity?.(settings) ?? 1;
  if (wanted >= 1) return;
  const place = `The strategy ${definition.name} begins with ${wanted.toPrecision(3)} of a full evaluation`;
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

/**
 * Whether the space has networks for what an evaluation wants them for, shown by one architecture drawn from it.
 *
 * @param place where the settings stand in a config: `evaluation` or `final`
 * @throws {UsageError} where it has none, with too few pixels or too few repeated cells, say
 */
export function checkNetworks(
  place: string,
  { space, seed }: Pick<StudyConfiguration, 'space' | 'seed'>,
  target: BuildTarget,
  fidelity = 1,
): void {
  const searched = spaceNamed(space.name);
  try {
    buildNetwork(searched, searched.decisions.sample(new Random(seed)), target);
  } catch (error) {
    if (!(error instanceof UsageError) || error instanceof UnbuildableArchitecture) return;
    const share = fidelity < 1 ? `, at ${fidelity.toPrecision(3)} of a full evaluation,` : '';
    throw new UsageError(`The setting ${place}${share} does not fit the space ${space.name}. ${error.message}`);
  }
}
