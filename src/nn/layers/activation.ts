/** @file Element-wise activation functions. */
import { z } from 'zod';
import { addLayer, type Feature } from '../feature.js';
import { defineLayerKind } from '../layer-kind.js';

/** The activation functions, by the names that search spaces and JSON use. */
export const activations = ['relu', 'relu6', 'hard-swish', 'hard-sigmoid', 'silu', 'sigmoid', 'tanh', 'gelu'] as const;

export type Activation = (typeof activations)[number];

const schema = z.strictObject({ function: z.enum(activations) });

const kind = defineLayerKind<z.infer<typeof schema>>({
  kind: 'activation',
  schema,
  memory: 'in-place',
  shape: ([x]) => x.shape,
});

/** Applies `f` to every element. `hard-swish` is x·relu6(x + 3)/6 (Howard et al. 2019). The automatic name is the function's. */
export const activation = (x: Feature, f: Activation, { name = f }: { readonly name?: string } = {}): Feature =>
  addLayer(kind, [x], { function: f }, name);
