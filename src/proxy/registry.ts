/** @file The proxies by name. */
import { Registry } from '../registry.js';
import type { AggregateDefinition } from './aggregate.js';
import { azNas } from './aggregates/az-nas.js';
import { vkdnwAggregate } from './aggregates/vkdnw.js';
import { vote } from './aggregates/vote.js';
import { epeNas } from './proxies/epe-nas.js';
import { expressivity } from './proxies/expressivity.js';
import { fisher } from './proxies/fisher.js';
import { gradNorm } from './proxies/grad-norm.js';
import { grasp } from './proxies/grasp.js';
import { jacobCov } from './proxies/jacob-cov.js';
import { l2Norm } from './proxies/l2-norm.js';
import { macs } from './proxies/macs.js';
import { nwot } from './proxies/nwot.js';
import { params } from './proxies/params.js';
import { plain } from './proxies/plain.js';
import { progressivity } from './proxies/progressivity.js';
import { snip } from './proxies/snip.js';
import { swap } from './proxies/swap.js';
import { synflow } from './proxies/synflow.js';
import { trainability } from './proxies/trainability.js';
import { vkdnw } from './proxies/vkdnw.js';
import { zen } from './proxies/zen.js';
import { zico } from './proxies/zico.js';
import type { ProxyDefinition } from './proxy.js';

const text = {
  noun: 'proxy',
  plural: 'proxies',
  maker: 'defineProxy({ … })',
  members: { string: ['name', 'title', 'paper', 'description', 'weakness'], function: ['score'] },
};

/** The registry of proxies. */
export const proxyRegistry = new Registry<ProxyDefinition>(text, [
  params,
  macs,
  plain,
  l2Norm,
  gradNorm,
  snip,
  grasp,
  fisher,
  synflow,
  jacobCov,
  nwot,
  epeNas,
  zen,
  zico,
  swap,
  expressivity,
  progressivity,
  trainability,
  vkdnw,
]);

/** Every proxy, in the order in which they are listed. */
export const proxies: readonly ProxyDefinition[] = proxyRegistry.all;

/**
 * The proxies of these names, each once.
 *
 * @throws {UsageError} where there is none of a name, with the nearest
 */
export const proxiesNamed = (names: readonly string[]): ProxyDefinition[] =>
  [...new Set(names)].map((name) => proxyRegistry.named(name));

/** Every aggregate, in the order in which they are listed. */
export const aggregates: readonly AggregateDefinition[] = [vote, azNas, vkdnwAggregate];
