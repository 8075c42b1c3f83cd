/** @file The operations without weights of cell-based search spaces: all zeros, and identity. */
import { z } from 'zod';
import { fill } from '../../tensor/index.js';
import { addLayer, type Feature, mapShape } from '../feature.js';
import { defineLayerKind } from '../layer-kind.js';
import { noSources, sameChannels } from '../shared-growth.js';
import { sizeSchema } from './window.js';

const zerosSchema = z.strictObject({ out: sizeSchema, stride: sizeSchema });

const zeroing = defineLayerKind<z.infer<typeof zerosSchema>>({
  kind: 'zeros',
  schema: zerosSchema,
  shape([x], { out, stride }) {
    const [, height, width] = mapShape(x);
    return [out, Math.ceil(height / stride), Math.ceil(width / stride)];
  },
  lower: ({ shape }) => fill(shape, 0),
  growth: {
    sources: noSources,
    resize: (_, attributes, { output }) => ({ ...attributes, out: output.length }),
    isZero: true,
  },
});

const same = defineLayerKind<Record<string, never>>({
  kind: 'identity',
  schema: z.strictObject({}),
  memory: 'view',
  shape: ([x]) => x.shape,
  lower: ({ inputs: [x] }) => x,
  growth: { sources: sameChannels, identity: () => new Map() },
});

/** The size of a map of zeros. */
export interface ZerosOptions {
  readonly name?: string;
  /** Output channels. Default: those of `x`. */
  readonly out?: number;
  /** Default 1. */
  readonly stride?: number;
}

/** Zeros of the shape that a layer of `out` channels and `stride` would give: the choice `none` of cell-based spaces. */
export function zeros(x: Feature, { name, out = x.shape[0] ?? 0, stride = 1 }: ZerosOptions = {}): Feature {
  return addLayer(zeroing, [x], { out, stride }, name);
}

/** `x` unchanged: the choice `skip_connect` of cell-based spaces. */
export const identity = (x: Feature, { name }: { readonly name?: string } = {}): Feature =>
  addLayer(same, [x], {}, name);
