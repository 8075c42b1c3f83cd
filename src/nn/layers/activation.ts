/** @file Element-wise activation functions. */
import { z } from 'zod';
import { gelu, hardSigmoid, hardSwish, relu, relu6, sigmoid, silu, type Tensor, tanh } from '../../tensor/index.js';
import { addLayer, type Feature } from '../feature.js';
import { defineLayerKind } from '../layer-kind.js';
import { sameChannels } from '../shared-growth.js';

/** The activation functions, by the names that search spaces and JSON use. */
export const activations = ['relu', 'relu6', 'hard-swish', 'hard-sigmoid', 'silu', 'sigmoid', 'tanh', 'gelu'] as const;

export type Activation = (typeof activations)[number];

const functions: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  relu,
  relu6,
  'hard-swish': hardSwish,
  'hard-sigmoid': hardSigmoid,
  silu,
  sigmoid,
  tanh,
  gelu,
};

const schema = z.strictObject({ function: z.enum(activations) });

const kind = defineLayerKind<z.infer<typeof schema>>({
  kind: 'activation',
  schema,
  memory: 'in-place',
  shape: ([x]) => x.shape,
  rectifies: (attributes) => ['relu', 'relu6'].includes(attributes.function),
  lower: ({ mode, inputs: [x], attributes }) => (mode === 'flow' ? x : functions[attributes.function](x)),
  growth: {
    sources: sameChannels,
    isIdempotent: ({ function: f }) => f === 'relu' || f === 'relu6',
  },
});

/** Applies `f` to every element. `hard-swish` is x·relu6(x + 3)/6 (Howard et al. 2019). The automatic name is the function's. */
export const activation = (x: Feature, f: Activation, { name = f }: { readonly name?: string } = {}): Feature =>
  addLayer(kind, [x], { function: f }, name);
