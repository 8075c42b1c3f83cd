/** @file How users refer to a space, a strategy, an evaluation or a stopping rule: by its name, or by a module of their own. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import type { Definition, Reference, Registry } from '../registry.js';
import { checkSettings, type SettingsPlace } from '../settings-error.js';
import { ModuleCode } from './module-code.js';
import { type AllowedModules, recordedModule, refuseUnknown } from './module-trust.js';
import { definitionIn } from './own-module.js';
import type { WrittenReference } from './reference-text.js';

/** A definition and where it comes from. */
export interface Referred<T> {
  readonly definition: T;
  /** The absolute path of the module that exports it; `null` for one of the registry. */
  readonly module: string | null;
}

/** Whether a text is the path of a module, and no name. */
export const isModulePath = (text: string): boolean => /\.[cm]?[jt]s$/i.test(text);

/**
 * What a text means: a name, or the path of a module whose default export, or only export of that kind, is meant. That of a
 * module is then registered, so that it is known by its name, too.
 *
 * @throws {UsageError} where there is no such name or file, the module cannot be loaded, exports nothing of the kind or
 *   several, or names its own as another one is named
 */
export async function referred<T extends Definition>(text: string, registry: Registry<T>): Promise<Referred<T>> {
  if (!isModulePath(text)) return { definition: registry.named(text), module: null };
  const module = resolve(text);
  const definition = guardedOnce(await definitionIn(module, registry), module, registry);
  const namesake = registry.all.find(({ name }) => name === definition.name);
  if (namesake === undefined) registry.register(definition);
  else if (namesake !== definition) {
    throw new UsageError(
      `The module ${module} names its ${registry.text.noun} "${definition.name}", as another one is named already: give it a name of its own.`,
    );
  }
  return { definition, module };
}

/** What modules have exported, as it is registered. */
const guarded = new WeakMap<Definition, unknown>();

/** The same for the same export, however often it is referred to. */
function guardedOnce<T extends Definition>(exported: T, module: string, registry: Registry<T>): T {
  const known = guarded.get(exported);
  if (registry.accepts(known)) return known;
  const one = registry.guarded(exported, new ModuleCode(module, `${registry.text.noun} "${exported.name}"`));
  guarded.set(exported, one);
  return one;
}

/**
 * The reference as a study keeps it, with all settings, and what it refers to.
 *
 * @throws {UsageError} where `referred` does, and about the first setting that is wrong
 */
export async function checkReference<T extends Definition>(
  { name, settings }: WrittenReference,
  registry: Registry<T>,
  place: SettingsPlace = {},
): Promise<{ readonly definition: T; readonly reference: Reference }> {
  const { definition, module } = await referred(name, registry);
  const checked = checkSettings<z.ZodObject>(definition.settings ?? z.strictObject({}), settings, place);
  const reference = { name: definition.name, settings: jsonObject.parse(checked) };
  return { definition, reference: module === null ? reference : { ...reference, ...recordedModule(module) } };
}

const jsonObject: z.ZodType<{ readonly [key: string]: Json }> = z.record(z.string(), z.json());

/**
 * What a study refers to, in this process: one of a module is loaded, and known by its name from then on.
 *
 * @param allowed modules that may run though the study does not show that this user has run them before
 * @throws {UsageError} where `referred` or `refuseUnknown` does, and where the module now names it otherwise
 */
export async function recall<T extends Definition>(
  { name, module, digest, seal }: Reference,
  registry: Registry<T>,
  allowed: AllowedModules = [],
): Promise<T> {
  if (module === undefined) return registry.named(name);
  refuseUnknown({ module, digest, seal }, { by: 'The study', as: registry.one }, allowed);
  const { definition } = await referred(module, registry);
  if (definition.name === name) return definition;
  throw new UsageError(
    `The study refers to the ${registry.text.noun} "${name}" of the module ${module}, which is now called "${definition.name}": give it back its name, or begin a new study.`,
  );
}
