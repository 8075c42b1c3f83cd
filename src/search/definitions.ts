/** @file What a recorded study refers to, made known to this process. */
import { evaluationRegistry } from '../evaluation/registry.js';
import type { StudyConfiguration } from '../record/configuration.js';
import type { AllowedModules } from '../reference/module-trust.js';
import { recall } from '../reference/reference.js';
import { spaceRegistry } from '../space/registry.js';
import { strategyRegistry } from '../strategy/registry.js';
import { stoppingRegistry } from '../strategy/stopping/registry.js';

/**
 * Loads the modules of the user's own that define the space, the strategy, the evaluation or the stopping rule of a study.
 * @param allowed modules that may run though the study does not show that this user has run them before
 * @throws {UsageError} where one may not be run, is gone, cannot be loaded, or exports a definition of another name
 */
export async function recallDefinitions(
  configuration: StudyConfiguration,
  allowed: AllowedModules = [],
): Promise<void> {
  const { space, strategy, evaluation, stopping } = configuration;
  await recall(space, spaceRegistry, allowed);
  await recall(strategy, strategyRegistry, allowed);
  await recall(evaluation, evaluationRegistry, allowed);
  if (stopping !== undefined) await recall(stopping, stoppingRegistry, allowed);
}
