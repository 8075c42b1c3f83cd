/** @file Recorded architectures in the notation of their space. */
import type { Json } from '../json.js';
import { spaceNamed } from '../space/registry.js';

/** The architecture as its space writes it. @throws UsageError where the space is unknown or the architecture is not of it */
export function formatArchitecture(space: string, architecture: Json): string {
  const definition = spaceNamed(space);
  return definition.format(definition.decisions.validate(architecture));
}
