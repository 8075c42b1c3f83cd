/** @file The blocks of a network, and the maps of features that they give one another. */
import type { Feature } from '../nn/feature.js';
import type { ProxyGraph } from './graph.js';

/**
 * The outputs of a network's blocks, in their order; those that are no maps of features are left out, such as a classifier's.
 *
 * A block is what was built within one outermost scope: a stem, a cell, a residual block, a stage of VGG. A layer outside all
 * scopes begins a block of its own where it has weights or gives no map, and otherwise belongs to the one before. A block's
 * output is the last of its layers that another block reads. Of NAS-Bench-201 these are the features that AZ-NAS looks at:
 * those of the stem, of each cell and of each reduction.
 */
export function blockOutputs({ layers, weighted }: Pick<ProxyGraph, 'layers' | 'weighted'>): Feature[] {
  const weights = new Set<Feature>(weighted.map(({ layer }) => layer));
  const blocks = new Map<Feature, string>();
  const outputs = new Map<string, Feature>();
  let block = '';
  for (const layer of layers) {
    const [scope = '', ...inner] = layer.name.split('.');
    if (inner.length > 0 || weights.has(layer) || !isMap(layer)) block = scope;
    blocks.set(layer, block);
    for (const input of layer.inputs) {
      const from = blocks.get(input);
      if (from === undefined || from === block) continue;
      if (input.index > (outputs.get(from)?.index ?? 0)) outputs.set(from, input);
    }
  }
  return [...outputs.values()].filter(isMap).sort((a, b) => a.index - b.index);
}

const isMap = ({ shape }: Feature): boolean => shape.length === 3;
