/** @file Linear (fully connected) layer. */
import { z } from 'zod';
import { linear as multiplyMatrix } from '../../tensor/index.js';
import { addLayer, type Feature } from '../feature.js';
import { foldIntoWeights } from '../fold-affine.js';
import { inheritChannels } from '../inherit-channels.js';
import { fanInUniform } from '../initialiser.js';
import { defineLayerKind, type TensorRow } from '../layer-kind.js';
import { allZero, noSources } from '../shared-growth.js';
import { sizeSchema } from './window.js';

const schema = z.strictObject({ out: sizeSchema, bias: z.boolean() });

const kind = defineLayerKind<z.infer<typeof schema>>({
  kind: 'linear',
  schema,
  shape([x], { out }) {
    if (x.shape.length !== 1)
      throw new RangeError('it takes a vector [features]: put globalAvgPool or flatten before it');
    return [out];
  },
  parameters([x], { out, bias }) {
    const initial = fanInUniform(x.elements);
    const weight: TensorRow = { name: 'weight', shape: [out, x.elements], initial };
    return bias ? [weight, { name: 'bias', shape: [out], initial }] : [weight];
  },
  macs: ([x], { out }) => x.elements * out,
  lower: ({ mode, inputs: [x], attributes: { bias }, parameter }) =>
    multiplyMatrix(x, parameter('weight'), bias && mode !== 'flow' ? parameter('bias') : undefined),
  foldAffine: foldIntoWeights,
  growth: {
    sources: noSources,
    resize: (_, attributes, { output }) => ({ ...attributes, out: output.length }),
    inherit: inheritChannels,
    silence: allZero,
  },
});

/** Size of a linear layer. */
export interface LinearOptions {
  readonly name?: string;
  /** Output features. */
  readonly out: number;
  /** Default true. */
  readonly bias?: boolean;
}

/** Maps a vector [F] to [out]. Weight and bias start uniform in ±1/√F (the default of torch.nn.Linear). */
export const linear = (x: Feature, { name, out, bias = true }: LinearOptions): Feature =>
  addLayer(kind, [x], { out, bias }, name);
