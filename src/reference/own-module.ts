/** @file What users name or define in a module of their own, such as a search space: how it is found, and under which name it is known. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { firstLineOf, UsageError } from '../error.js';

/** A kind of thing that has a registry, and that modules may export. */
export interface Definable<T extends { readonly name: string }> {
  /** Such as `search space`. */
  readonly noun: string;
  readonly plural: string;
  /** How one is made, such as `defineSpace({ … })`. */
  readonly maker: string;
  /** Modules may come with an installation of nasturtium of their own: what counts is what a thing can do. */
  readonly schema: z.ZodType<T>;
  readonly known: readonly T[];
  /** @throws {UsageError} if there is none of this name */
  named(name: string): T;
  register(one: T): void;
}

/** A thing and where it comes from. */
export interface Referred<T> {
  readonly one: T;
  /** The absolute path of the module that exports it; `null` for one of the registry. */
  readonly module: string | null;
}

/** Whether a reference is the path of a module, and no name. */
export const isModulePath = (reference: string): boolean => /\.[cm]?[jt]s$/i.test(reference);

/**
 * What `reference` means: a name, or the path of a module whose default export, or only export of that kind, is meant.
 * That of a module is then registered, so that it is known by its name, too.
 *
 * @throws {UsageError} where there is no such name or file, the module cannot be loaded, or exports nothing of the kind or several
 */
export async function referred<T extends { readonly name: string }>(
  reference: string,
  kind: Definable<T>,
): Promise<Referred<T>> {
  if (!isModulePath(reference)) return { one: kind.named(reference), module: null };
  const module = resolve(reference);
  if (!existsSync(module)) {
    throw new UsageError(`There is no file ${module}, which was named as the module of a ${kind.noun}.`);
  }
  const one = exported(module, await load(module, kind.noun), kind);
  const namesake = kind.known.find(({ name }) => name === one.name);
  if (namesake === undefined) kind.register(one);
  else if (namesake !== one) {
    throw new UsageError(
      `The module ${module} names its ${kind.noun} "${one.name}", as another one is named already: give it a name of its own.`,
    );
  }
  return { one, module };
}

async function load(module: string, noun: string): Promise<object> {
  const url = pathToFileURL(module).href;
  try {
    return await import(url);
  } catch (error) {
    const line = error instanceof Error ? error.stack?.split(`${url}:`)[1]?.match(/^\d+/)?.[0] : undefined;
    const kind = error instanceof Error && !/^(Usage)?Error$/.test(error.name) ? `${error.name}: ` : '';
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw new UsageError(
      `The module ${module} of a ${noun} cannot be loaded (${kind}${firstLineOf(error)}${line === undefined ? '' : `, line ${line}`}): ` +
        (isMissing
          ? 'install what it imports in its folder, nasturtium among it.'
          : `correct it; 'node ${module}' shows the place.`),
    );
  }
}

function exported<T extends { readonly name: string }>(
  module: string,
  exports: object,
  { noun, plural, maker, schema }: Definable<T>,
): T {
  const preferred = schema.safeParse(Reflect.get(exports, 'default'));
  if (preferred.success) return preferred.data;
  const found = Object.values(exports).flatMap((value) => schema.safeParse(value).data ?? []);
  const [only, ...others] = new Set(found);
  if (only === undefined) {
    throw new UsageError(
      `The module ${module} exports no ${noun}: let it end with 'export default ${maker}', or the name of what that gave.`,
    );
  }
  if (others.length === 0) return only;
  throw new UsageError(
    `The module ${module} exports the ${plural} ${[only, ...others].map(({ name }) => name).join(', ')}: make one of them its default export.`,
  );
}

/** Whether a value has all of these members, each of its type. */
export const hasMembers = (value: unknown, members: { readonly [type: string]: readonly string[] }): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(members).every(([type, names]) => names.every((name) => typeof Reflect.get(value, name) === type));
