/** @file The search spaces by name. */
import { UsageError } from '../error.js';
import { didYouMean } from '../suggestion.js';
import { amoebanet } from './amoebanet.js';
import { darts } from './darts.js';
import { efficientnet } from './efficientnet.js';
import { mcunet } from './mcunet.js';
import { metaqnn } from './metaqnn.js';
import { mnasnet } from './mnasnet.js';
import { mobile } from './mobile.js';
import { mobilenetV3 } from './mobilenet-v3.js';
import { nasBench101 } from './nas-bench-101.js';
import { nasBench201 } from './nas-bench-201.js';
import { nasnet } from './nasnet.js';
import { onceForAll } from './once-for-all.js';
import { pnas } from './pnas.js';
import { proxyless } from './proxyless.js';
import { regnet } from './regnet.js';
import { type SearchSpace, untyped } from './space.js';
import { zophCnn } from './zoph-cnn.js';

/** Every space, in the order in which they are listed. */
export const spaces: readonly SearchSpace[] = [
  untyped(mobile),
  untyped(nasBench201()),
  untyped(nasBench101()),
  untyped(nasnet()),
  untyped(amoebanet()),
  untyped(pnas()),
  untyped(darts()),
  untyped(regnet()),
  untyped(efficientnet()),
  untyped(mnasnet),
  untyped(mobilenetV3()),
  untyped(proxyless()),
  untyped(onceForAll()),
  untyped(mcunet()),
  untyped(metaqnn()),
  untyped(zophCnn()),
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
