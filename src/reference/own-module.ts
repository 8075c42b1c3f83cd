/** @file Modules of the user's own that export a definition, such as a search space: loaded, and which export is meant. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { firstLineOf, UsageError } from '../error.js';
import type { Definition, Registry } from '../registry.js';
import { userCall } from './user-call.js';

/**
 * The definition that a module exports: by default, or as its only export of that kind.
 *
 * @param module its absolute path
 * @throws {UsageError} where there is no such file, it cannot be loaded, or exports nothing of the kind or several
 */
export async function definitionIn<T extends Definition>(module: string, registry: Registry<T>): Promise<T> {
  const { noun, plural, maker } = registry.text;
  const exports = await load(module, registry.one);
  const preferred: unknown = Reflect.get(exports, 'default');
  if (registry.accepts(preferred)) return preferred;
  const [only, ...others] = new Set(Object.values(exports).filter((value) => registry.accepts(value)));
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

let beforeLoading: () => void = () => {};

/** Has a function called before any module is loaded; what it throws comes in place of the module. */
export function beforeEveryModule(listener: () => void): void {
  beforeLoading = listener;
}

async function load(module: string, one: string): Promise<object> {
  if (!existsSync(module)) {
    throw new UsageError(`There is no file ${module}, which was named as the module of ${one}.`);
  }
  beforeLoading();
  const url = pathToFileURL(module).href;
  try {
    return await userCall({ module, name: 'the top level' })(() => import(url));
  } catch (error) {
    const line = error instanceof Error ? error.stack?.split(`${url}:`)[1]?.match(/^\d+/)?.[0] : undefined;
    const kind = error instanceof Error && !/^(Usage)?Error$/.test(error.name) ? `${error.name}: ` : '';
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
    throw new UsageError(
      `The module ${module} of ${one} cannot be loaded (${kind}${firstLineOf(error)}${line === undefined ? '' : `, line ${line}`}): ` +
        (isMissing
          ? 'install what it imports in its folder, nasturtium among it.'
          : `correct it; 'node ${module}' shows the place.`),
    );
  }
}
