/** @file Layers that rearrange channels: concat, slice, shuffle, flatten. */
import { z } from 'zod';
import * as tensor from '../../tensor/index.js';
import { withOneBatch } from '../batch-axis.js';
import { addLayer, asFeatures, type Feature, mapShape } from '../feature.js';
import { defineLayerKind } from '../layer-kind.js';
import { sizeSchema } from './window.js';

/** The name of the layer. */
interface Named {
  readonly name?: string;
}

const concatenation = defineLayerKind<Record<string, never>>({
  kind: 'concat',
  schema: z.strictObject({}),
  shape(inputs) {
    const [, ...rest] = inputs[0].shape;
    let channels = 0;
    for (const { shape } of inputs) {
      if (shape.length !== rest.length + 1 || rest.some((size, axis) => size !== shape[axis + 1])) {
        throw new RangeError('its inputs may differ in their channels only');
      }
      channels += shape[0] ?? 0;
    }
    return [channels, ...rest];
  },
  lower: ({ inputs, mode }) => tensor.concat(mode === 'inference' ? withOneBatch(inputs) : inputs, 1),
  growth: {
    sources(inputs) {
      const all = inputs.flatMap(({ shape: [channels = 0] }, input) =>
        Array.from({ length: channels }, (_, channel) => [{ input, channel }]),
      );
      return (channel) => all[channel] ?? [];
    },
  },
});

const sliceSchema = z.strictObject({ from: z.int().min(0), to: sizeSchema });

const slice = defineLayerKind<z.infer<typeof sliceSchema>>({
  kind: 'sliceChannels',
  schema: sliceSchema,
  shape([x], { from, to }) {
    const [channels = 0, ...rest] = x.shape;
    if (from < 0 || from >= to || to > channels) {
      throw new RangeError(`it takes channels ${from} to ${to}, but there are ${channels}`);
    }
    return [to - from, ...rest];
  },
  lower: ({ inputs: [x], attributes: { from, to } }) => tensor.slice(x, { starts: [from], ends: [to], axes: [1] }),
  growth: {
    sources:
      (_, { from }) =>
      (channel) => [{ input: 0, channel: from + channel }],
    resize(_, { from }, { inputs: [input = []], output }) {
      const start = input.filter((channel) => channel < from).length;
      return { from: start, to: start + output.length };
    },
  },
});

const padSchema = z.strictObject({ channels: sizeSchema });

const padding = defineLayerKind<z.infer<typeof padSchema>>({
  kind: 'padChannels',
  schema: padSchema,
  shape([x], { channels }) {
    const [count, height, width] = mapShape(x);
    if (channels < count) throw new RangeError(`it pads to ${channels} channels, but there are ${count}`);
    return [channels, height, width];
  },
  lower({ inputs: [x], attributes: { channels } }) {
    const missing = channels - (x.shape[1] ?? 0);
    return tensor.pad(x, [
      [0, 0],
      [0, missing],
      [0, 0],
      [0, 0],
    ]);
  },
  growth: {
    sources:
      ([x]) =>
      (channel) =>
        channel < mapShape(x)[0] ? [{ input: 0, channel }] : [],
    resize: (_, _attributes, { output }) => ({ channels: output.length }),
  },
});

const shuffleSchema = z.strictObject({ groups: sizeSchema });

const shuffle = defineLayerKind<z.infer<typeof shuffleSchema>>({
  kind: 'channelShuffle',
  schema: shuffleSchema,
  shape([x], { groups }) {
    const [channels] = mapShape(x);
    if (channels % groups !== 0)
      throw new RangeError(`its ${channels} channels must be a multiple of its ${groups} groups`);
    return x.shape;
  },
  lower: ({ inputs: [x], attributes: { groups } }) => tensor.channelShuffle(x, groups),
  growth: {
    sources([x], { groups }) {
      const each = mapShape(x)[0] / groups;
      return (channel) => [{ input: 0, channel: (channel % groups) * each + Math.floor(channel / groups) }];
    },
  },
});

const flattening = defineLayerKind<Record<string, never>>({
  kind: 'flatten',
  schema: z.strictObject({}),
  memory: 'view',
  shape: ([x]) => [x.elements],
  lower: ({ inputs: [x], shape }) => tensor.reshape(x, shape),
  growth: {
    sources([x]) {
      const pixels = x.elements / (x.shape[0] ?? 1);
      return (element) => [{ input: 0, channel: Math.floor(element / pixels) }];
    },
  },
});

/** Joins features along the channels: [C₁, H, W] and [C₂, H, W] to [C₁ + C₂, H, W]. */
export const concat = (features: readonly Feature[], { name }: Named = {}): Feature =>
  addLayer(concatenation, asFeatures(features, 'concat'), {}, name);

/** Channels `from` (included) to `to` (not included). */
export const sliceChannels = (x: Feature, from: number, to: number, { name }: Named = {}): Feature =>
  addLayer(slice, [x], { from, to }, name);

/** Zeros behind the channels of [C, H, W], up to `channels` of them: a shortcut without parameters (He et al. 2016, option A). */
export const padChannels = (x: Feature, channels: number, { name }: Named = {}): Feature =>
  addLayer(padding, [x], { channels }, name);

/** Interleaves the channels of `groups` groups: channel i·(C/groups) + j goes to j·groups + i (Zhang et al. 2018, fig. 1). */
export const channelShuffle = (x: Feature, groups: number, { name }: Named = {}): Feature =>
  addLayer(shuffle, [x], { groups }, name);

/** [C, H, W] to the vector [C·H·W]. */
export const flatten = (x: Feature, { name }: Named = {}): Feature => addLayer(flattening, [x], {}, name);
