/** @file The relaxed choice: branches of which all, some or one are computed, weighted by architecture weights. */
import { z } from 'zod';
import { add, mul, slice, softmax } from '../../tensor/index.js';
import { asFeatures, type Feature } from '../feature.js';
import { defineLayerKind } from '../layer-kind.js';
import { sameChannels } from '../shared-growth.js';
import { requireSameShapes } from './arithmetic.js';

const schema = z.strictObject({ weights: z.string().min(1) });

const kind = defineLayerKind<z.infer<typeof schema>>({
  kind: 'mixture',
  schema,
  memory: 'in-place',
  shape(inputs) {
    requireSameShapes(inputs);
    return inputs[0].shape;
  },
  reads: (inputs, { choice }) => {
    if (choice === 'mixed') return inputs.map((_, index) => index);
    return 'path' in choice ? [choice.path] : choice.gates;
  },
  lower({ inputs, choice, architecture }) {
    if (typeof choice === 'object' && 'path' in choice) return inputs[0];
    const shares = choice === 'mixed' ? softmax(architecture()) : architecture();
    const [first, ...others] = inputs.map((branch, position) => {
      const index = choice === 'mixed' ? position : (choice.gates[position] ?? 0);
      return mul(branch, slice(shares, { starts: [index], ends: [index + 1], axes: [0] }));
    });
    return others.reduce(add, first ?? inputs[0]);
  },
  architecture: (inputs, { weights }) => ({ name: weights, size: inputs.length }),
  growth: { sources: sameChannels },
});

/** What a mixture mixes, and by which weights. */
export interface MixtureOptions {
  readonly name?: string;
  /** Name of the vector of architecture weights, one a branch. Mixtures that give the same name share it. */
  readonly weights: string;
  /** Features of one shape, one a choice. */
  readonly branches: readonly Feature[];
}

/**
 * The choice between branches that were made of `x`: Σᵢ softmax(α)ᵢ · branchᵢ, with α the named vector of architecture weights, unless a lowering chooses otherwise (`Choice`). The weights are kept apart from parameters
 * (`network.architectureParameters`) and are not counted as such.
 */
export const mixture = (x: Feature, { name = kind.kind, weights, branches }: MixtureOptions): Feature =>
  x.graph.add(kind, asFeatures(branches, 'mixture'), { weights }, name);
