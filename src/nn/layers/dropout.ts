/** @file Dropout (Srivastava et al. 2014). */
import { z } from 'zod';
import { cast, less, mul, scalar } from '../../tensor/index.js';
import { addLayer, type Feature } from '../feature.js';
import { defineLayerKind } from '../layer-kind.js';
import { sameChannels } from '../shared-growth.js';

const schema = z.strictObject({ rate: z.number().min(0).lt(1) });

const kind = defineLayerKind<z.infer<typeof schema>>({
  kind: 'dropout',
  schema,
  memory: 'view',
  shape([x], { rate }) {
    if (!(rate >= 0 && rate < 1)) throw new RangeError(`its rate must be at least 0 and below 1, not ${rate}`);
    return x.shape;
  },
  lower({ mode, inputs: [x], attributes: { rate }, noise }) {
    if (mode !== 'training' || rate === 0) return x;
    const kept = cast(less(noise(), scalar(1 - rate)), 'float32');
    return mul(x, mul(kept, scalar(1 / (1 - rate))));
  },
  growth: { sources: sameChannels, identity: () => new Map() },
});

/** In training, zeroes each element with probability `rate` and divides the others by 1 − `rate`; in inference, nothing. */
export const dropout = (x: Feature, rate: number, { name }: { readonly name?: string } = {}): Feature =>
  addLayer(kind, [x], { rate }, name);
