/** @file The search spaces by name. */
import type { Json } from '../json.js';
import { Registry } from '../registry.js';
import { amoebanet } from './amoebanet.js';
import { darts } from './darts.js';
import { efficientModules } from './efficient-modules.js';
import { efficientnet } from './efficientnet.js';
import { enasMacro } from './enas-macro.js';
import { enasMicro } from './enas-micro.js';
import { guardedSpace } from './guarded-space.js';
import { hierarchical } from './hierarchical.js';
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
import { tree } from './tree.js';
import { zophCnn } from './zoph-cnn.js';

const text = {
  noun: 'search space',
  plural: 'search spaces',
  maker: 'defineSpace({ … })',
  members: {
    string: ['name', 'title', 'paper', 'description'],
    function: ['build', 'parse', 'format', 'mutate', 'canonical'],
    object: ['decisions', 'notations'],
  },
  guarded: guardedSpace,
};

export const spaceRegistry = new Registry<SearchSpace>(text, [
  untyped(mobile),
  untyped(nasBench201()),
  untyped(nasBench101()),
  untyped(nasnet()),
  untyped(amoebanet()),
  untyped(pnas()),
  untyped(pnas({ blocks: { min: 1, max: 5 } })),
  untyped(enasMicro()),
  untyped(enasMacro()),
  untyped(darts()),
  untyped(hierarchical()),
  untyped(tree()),
  untyped(regnet()),
  untyped(efficientnet()),
  untyped(mnasnet()),
  untyped(mobilenetV3()),
  untyped(proxyless()),
  untyped(onceForAll()),
  untyped(mcunet()),
  untyped(efficientModules()),
  untyped(metaqnn()),
  untyped(zophCnn()),
]);

/** Every space, in the order in which they are listed. */
export const spaces: readonly SearchSpace[] = spaceRegistry.all;

/**
 * Makes a space of one's own known by its name, so that searches and commands find it.
 * @throws {UsageError} where there is a space of this name
 */
export function registerSpace<A extends Json>(space: SearchSpace<A>): void {
  spaceRegistry.register(untyped(space));
}

/**
 * The space of this name.
 * @throws {UsageError} where there is none, with the nearest name
 */
export const spaceNamed = (name: string): SearchSpace => spaceRegistry.named(name);
