/** @file The space of a recorded study, and its architectures in the notation of that space. */
import type { Json } from '../json.js';
import { referredSpace } from '../model/space-module.js';
import { spaceNamed } from '../space/registry.js';
import type { StudyConfiguration } from '../study/configuration.js';

/**
 * Makes the space of a study known, where a module of the user's own defines it.
 * @throws {UsageError} where the module is gone, or cannot be loaded
 */
export async function loadSpace({ spaceModule }: Pick<StudyConfiguration, 'spaceModule'>): Promise<void> {
  if (spaceModule !== undefined) await referredSpace(spaceModule);
}

/** The architecture as its space writes it. @throws UsageError where the space is unknown or the architecture is not of it */
export function formatArchitecture(space: string, architecture: Json): string {
  const definition = spaceNamed(space);
  return definition.format(definition.decisions.validate(architecture));
}
