/** @file The space and the strategy of a recorded study, and its architectures in the notation of that space. */
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { referredSpace } from '../reference/space-module.js';
import { referredStrategy } from '../reference/strategy-module.js';
import { spaceNamed } from '../space/registry.js';

/**
 * Makes the space of a study known, where a module of the user's own defines it.
 * @throws {UsageError} where the module is gone, cannot be loaded, or exports a space of another name
 */
export async function loadSpace({
  space,
  spaceModule,
}: Pick<StudyConfiguration, 'space' | 'spaceModule'>): Promise<void> {
  if (spaceModule === undefined) return;
  const { name } = (await referredSpace(spaceModule)).space;
  if (name !== space) throw renamed('searches the space', space, spaceModule, name);
}

/**
 * Makes the strategy of a study known, where a module of the user's own defines it.
 * @throws {UsageError} as `loadSpace`
 */
export async function loadStrategy({
  strategy,
  strategyModule,
}: Pick<StudyConfiguration, 'strategy' | 'strategyModule'>): Promise<void> {
  if (strategyModule === undefined) return;
  const { name } = (await referredStrategy(strategyModule)).strategy;
  if (name !== strategy.name) throw renamed('searches by the strategy', strategy.name, strategyModule, name);
}

const renamed = (does: string, name: string, module: string, now: string): UsageError =>
  new UsageError(
    `The study ${does} "${name}" of the module ${module}, which is now called "${now}": give it back its name, or begin a new study.`,
  );

/** The architecture as its space writes it. @throws UsageError where the space is unknown or the architecture is not of it */
export function formatArchitecture(space: string, architecture: Json): string {
  const definition = spaceNamed(space);
  return definition.format(definition.decisions.validate(architecture));
}
