/** @file Search spaces as users name them: those of the registry by name, their own by the module that exports one. */
import { z } from 'zod';
import { registerSpace, spaceNamed, spaces } from '../space/registry.js';
import type { SearchSpace } from '../space/space.js';
import { type Definable, hasMembers, referred } from './own-module.js';

/** A space and where it comes from. */
export interface ReferredSpace {
  readonly space: SearchSpace;
  /** The absolute path of the module that exports it; `null` for a space of the registry. */
  readonly module: string | null;
}

const definable: Definable<SearchSpace> = {
  noun: 'search space',
  plural: 'search spaces',
  maker: 'defineSpace({ … })',
  schema: z.custom<SearchSpace>((value) =>
    hasMembers(value, {
      string: ['name', 'title', 'paper', 'description'],
      function: ['build', 'parse', 'format', 'mutate', 'canonical'],
      object: ['decisions'],
    }),
  ),
  known: spaces,
  named: spaceNamed,
  register: registerSpace,
};

/**
 * The space that `reference` means: a name, or the path of a module that exports one.
 * @throws {UsageError} as `referred`
 */
export async function referredSpace(reference: string): Promise<ReferredSpace> {
  const { one, module } = await referred(reference, definable);
  return { space: one, module };
}
