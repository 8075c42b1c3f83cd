/** @file Architectures of a recorded study in the notation of its space. */
import type { Json } from '../json.js';
import type { Reference } from '../registry.js';
import { spaceNamed } from '../space/registry.js';

/** The architecture as its space writes it. @throws {UsageError} where the space is unknown or the architecture is not of it */
export function formatArchitecture({ name }: Reference, architecture: Json): string {
  const definition = spaceNamed(name);
  return definition.format(definition.decisions.validate(architecture));
}
