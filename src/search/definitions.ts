/** @file What a recorded study refers to, made known to this process. */
import { evaluationRegistry } from '../evaluation/registry.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { recall } from '../reference/reference.js';
import { spaceRegistry } from '../space/registry.js';
import { strategyRegistry } from '../strategy/registry.js';
import { stoppingRegistry } from '../strategy/stopping/registry.js';

/**
 * Loads the modules of the user's own that define the space, the strategy, the evaluation or the stopping rule of a study.
 * @throws {UsageError} where one is gone, cannot be loaded, or exports a definition of another name
 */
export async function recallDefinitions(configuration: StudyConfiguration): Promise<void> {
  const { space, strategy, evaluation, stopping } = configuration;
  await recall(space, spaceRegistry);
  await recall(strategy, strategyRegistry);
  await recall(evaluation, evaluationRegistry);
  if (stopping !== undefined) await recall(stopping, stoppingRegistry);
}
