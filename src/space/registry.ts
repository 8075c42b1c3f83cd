/** @file The search spaces by name. */
import { UsageError } from '../error.js';
import { didYouMean } from '../suggestion.js';
import { amoebanet } from './amoebanet.js';
import { darts } from './darts.js';
import { efficientnet } from './efficientnet.js';
import { mobile } from './mobile.js';
import { nasBench201 } from './nas-bench-201.js';
import { nasnet } from './nasnet.js';
import { pnas } from './pnas.js';
import { regnet } from './regnet.js';
import { type SearchSpace, untyped } from './space.js';

/** Every space, in the order in which they are listed. */
export const spaces: readonly SearchSpace[] = [
  untyped(mobile),
  untyped(nasBench201()),
  untyped(nasnet()),
  untyped(amoebanet()),
  untyped(pnas()),
  untyped(darts()),
  untyped(regnet()),
  untyped(efficientnet()),
];

/**
 * The space of this name.
 * @throws {UsageError} with the nearest name if there is none.
 */
export function spaceNamed(name: string): SearchSpace {
  const space = spaces.find((one) => one.name === name);
  if (space !== undefined) return space;
  const names = spaces.map((one) => one.name);
  throw new UsageError(`There is no search space "${name}"${didYouMean(name, names)}; there are ${names.join(', ')}.`);
}
