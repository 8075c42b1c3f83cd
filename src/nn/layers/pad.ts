/** @file Zeros around a map, or less of it. */
import { z } from 'zod';
import { fill, pad, slice } from '../../tensor/index.js';
import { addLayer, type Feature, mapShape } from '../feature.js';
import { defineLayerKind } from '../layer-kind.js';
import { sameChannels } from '../shared-growth.js';

const schema = z.strictObject({ top: z.int(), left: z.int(), bottom: z.int(), right: z.int() });

const kind = defineLayerKind<z.infer<typeof schema>>({
  kind: 'pad2d',
  schema,
  shape([x], { top, left, bottom, right }) {
    const [channels, height, width] = mapShape(x);
    return [channels, height + top + bottom, width + left + right];
  },
  lower({ inputs: [x], attributes: { top, left, bottom, right }, shape }) {
    const [, , height = 1, width = 1] = x.shape;
    // A map of one pixel that is shifted by one has no pixel left.
    if (height + Math.min(0, top) + Math.min(0, bottom) < 1 || width + Math.min(0, left) + Math.min(0, right) < 1) {
      return fill(shape, 0);
    }
    const kept = slice(x, {
      starts: [Math.max(0, -top), Math.max(0, -left)],
      ends: [height + Math.min(0, bottom), width + Math.min(0, right)],
      axes: [2, 3],
    });
    return pad(kept, [
      [0, 0],
      [0, 0],
      [Math.max(0, top), Math.max(0, bottom)],
      [Math.max(0, left), Math.max(0, right)],
    ]);
  },
  growth: { sources: sameChannels },
});

/** How many pixels are added at each side. */
export interface Pad2dOptions {
  readonly name?: string;
  /** Rows of zeros above; a negative number takes rows away. Default 0, as for the other sides. */
  readonly top?: number;
  readonly left?: number;
  readonly bottom?: number;
  readonly right?: number;
}

/** Zeros around [C, H, W]: [C, H + top + bottom, W + left + right]. Negative sizes crop, as in torch.nn.functional.pad. */
export const pad2d = (x: Feature, { name, top = 0, left = 0, bottom = 0, right = 0 }: Pad2dOptions): Feature =>
  addLayer(kind, [x], { top, left, bottom, right }, name);
