/** @file Sums and products of features. */
import { z } from 'zod';
import * as tensor from '../../tensor/index.js';
import { sameShape } from '../../tensor/shape.js';
import { addLayer, asFeatures, type Feature } from '../feature.js';
import { defineLayerKind, type Inputs } from '../layer-kind.js';
import { sameChannels } from '../shared-growth.js';

type NoAttributes = Record<string, never>;

/** Throws unless all features have the shape of the first. */
export function requireSameShapes(inputs: Inputs): void {
  if (!inputs.every((input) => sameShape(input.shape, inputs[0].shape)))
    throw new RangeError('its inputs must all have one shape');
}

const sum = defineLayerKind<NoAttributes>({
  kind: 'add',
  schema: z.strictObject({}),
  memory: 'in-place',
  shape(inputs) {
    requireSameShapes(inputs);
    return inputs[0].shape;
  },
  lower: ({ inputs: [first, ...others] }) => others.reduce(tensor.add, first),
  growth: { sources: sameChannels, isSum: true },
});

const mean = defineLayerKind<NoAttributes>({
  kind: 'average',
  schema: z.strictObject({}),
  memory: 'in-place',
  shape(inputs) {
    requireSameShapes(inputs);
    return inputs[0].shape;
  },
  lower: ({ inputs: [first, ...others] }) =>
    tensor.mul(others.reduce(tensor.add, first), tensor.scalar(1 / (1 + others.length))),
  growth: { sources: sameChannels },
});

const product = defineLayerKind<NoAttributes>({
  kind: 'multiply',
  schema: z.strictObject({}),
  memory: 'in-place',
  shape(inputs) {
    const [x, gate] = inputs;
    if (inputs.length !== 2 || gate === undefined) throw new RangeError('it takes two inputs: a feature and its gate');
    const isChannelGate = gate.shape.length === 1 && gate.shape[0] === x.shape[0];
    if (!isChannelGate && !sameShape(gate.shape, x.shape)) {
      throw new RangeError(`its gate must have one element a channel ([${x.shape[0]}]) or the shape of its input`);
    }
    return x.shape;
  },
  lower({ mode, inputs: [x, gate = x] }) {
    if (mode === 'flow') return x;
    const ones = x.shape.slice(gate.shape.length).map(() => 1);
    return tensor.mul(x, tensor.reshape(gate, [...gate.shape, ...ones]));
  },
  growth: { sources: sameChannels },
});

/** The sum of features of one shape. */
export const add = (features: readonly Feature[], { name }: { readonly name?: string } = {}): Feature =>
  addLayer(sum, asFeatures(features, 'add'), {}, name);

/** The mean of features of one shape: what replicated branches give where they are still alike. */
export const average = (features: readonly Feature[], { name }: { readonly name?: string } = {}): Feature =>
  addLayer(mean, asFeatures(features, 'average'), {}, name);

/** `x` times a gate: one factor a channel ([C], as of squeeze-and-excite) or one an element. */
export const multiply = (x: Feature, gate: Feature, { name }: { readonly name?: string } = {}): Feature =>
  addLayer(product, [x, gate], {}, name);
