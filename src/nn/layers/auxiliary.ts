/** @file Classifiers beside a network's own, which training adds to the loss and inference leaves out. */
import { z } from 'zod';
import { addLayer, type Feature } from '../feature.js';
import { defineLayerKind } from '../layer-kind.js';
import { sameChannels } from '../shared-growth.js';
import { requireSameShapes } from './arithmetic.js';

const kind = defineLayerKind<Record<string, never>>({
  kind: 'withAuxiliary',
  schema: z.strictObject({}),
  memory: 'view',
  shape(inputs) {
    if (inputs.length !== 2) throw new RangeError("it takes two inputs: the network's logits and the auxiliary ones");
    requireSameShapes(inputs);
    return inputs[0].shape;
  },
  reads: (_, { mode }) => (mode === 'training' ? [0, 1] : [0]),
  lower({ inputs: [logits, beside], auxiliary }) {
    if (beside !== undefined) auxiliary(beside);
    return logits;
  },
  growth: { sources: sameChannels },
});

/**
 * `logits` as they are; in training those of an auxiliary classifier (Szegedy et al. 2015, section 5), too, are part of the
 * loss. Inference, and so evaluation and export, does not compute it; costs count it, as those of all layers.
 */
export const withAuxiliary = (
  logits: Feature,
  auxiliary: Feature,
  { name }: { readonly name?: string } = {},
): Feature => addLayer(kind, [logits, auxiliary], {}, name);
