/** @file Search spaces as users name them: those of the registry by name, their own by the module that exports one. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { firstLineOf, UsageError } from '../error.js';
import { registerSpace, spaceNamed, spaces } from '../space/registry.js';
import type { SearchSpace } from '../space/space.js';

/** A space and where it comes from. */
export interface ReferredSpace {
  readonly space: SearchSpace;
  /** The absolute path of the module that exports it; `null` for a space of the registry. */
  readonly module: string | null;
}

/** Whether a reference to a space is the path of a module, and no name. */
export const isModulePath = (reference: string): boolean => /\.[cm]?[jt]s$/i.test(reference);

/**
 * The space that `reference` means: a name, or the path of a module whose default export, or only export of that kind, is a
 * space. That of a module is then registered, so that it is known by its name, too.
 *
 * @throws {UsageError} where there is no such space or file, the module cannot be loaded, or exports no space or several
 */
export async function referredSpace(reference: string): Promise<ReferredSpace> {
  if (!isModulePath(reference)) return { space: spaceNamed(reference), module: null };
  const module = resolve(reference);
  if (!existsSync(module)) {
    throw new UsageError(`There is no file ${module}, which was named as the module of a search space.`);
  }
  const space = exportedSpace(module, await load(module));
  const namesake = spaces.find(({ name }) => name === space.name);
  if (namesake === undefined) registerSpace(space);
  else if (namesake !== space) {
    throw new UsageError(
      `The module ${module} names its search space "${space.name}", as another one is named already: give it a name of its own.`,
    );
  }
  return { space, module };
}

async function load(module: string): Promise<object> {
  const url = pathToFileURL(module).href;
  try {
    return await import(url);
  } catch (error) {
    const line = error instanceof Error ? error.stack?.split(`${url}:`)[1]?.match(/^\d+/)?.[0] : undefined;
    const kind = error instanceof Error && !/^(Usage)?Error$/.test(error.name) ? `${error.name}: ` : '';
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw new UsageError(
      `The module ${module} of a search space cannot be loaded (${kind}${firstLineOf(error)}${line === undefined ? '' : `, line ${line}`}): ` +
        (isMissing
          ? 'install what it imports in its folder, nasturtium among it.'
          : `correct it; 'node ${module}' shows the place.`),
    );
  }
}

/** Modules come from outside, perhaps with an installation of nasturtium of their own: a space is what it can do. */
const spaceSchema = z.custom<SearchSpace>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['name', 'title', 'paper', 'description'].every((key) => typeof Reflect.get(value, key) === 'string') &&
    ['build', 'parse', 'format', 'mutate', 'canonical'].every((key) => typeof Reflect.get(value, key) === 'function') &&
    typeof Reflect.get(value, 'decisions') === 'object',
);

function exportedSpace(module: string, exported: object): SearchSpace {
  const preferred = spaceSchema.safeParse(Reflect.get(exported, 'default'));
  if (preferred.success) return preferred.data;
  const found = Object.values(exported).flatMap((value) => spaceSchema.safeParse(value).data ?? []);
  const [only, ...others] = new Set(found);
  if (only === undefined) {
    throw new UsageError(
      `The module ${module} exports no search space: let it end with 'export default defineSpace({ … })', or the name of what that gave.`,
    );
  }
  if (others.length === 0) return only;
  throw new UsageError(
    `The module ${module} exports the search spaces ${[only, ...others].map(({ name }) => name).join(', ')}: make one of them its default export.`,
  );
}
