/** @file What an architecture costs, counted without training it. */
import type { Cost, LayerCost } from '../nn/cost.js';
import { networkOf, type TargetOptions } from './target.js';

/** The cost of a network for one image, and of each layer. */
export interface CostReport extends Cost {
  readonly layers: readonly LayerCost[];
}

/**
 * Counts parameters, MACs and peak activation memory of what `target` names.
 *
 * @throws UsageError where there is no such architecture
 */
export async function countCost(target: string, options: TargetOptions = {}): Promise<CostReport> {
  const { network } = await networkOf(target, options);
  return { ...network.cost(), layers: network.layerCosts() };
}
