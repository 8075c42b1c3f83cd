/** @file Which channel of an old layer each channel of a new one descends from. */
import type { Layer } from './feature.js';
import type { ChannelMap, Source } from './layer-kind.js';

/**
 * The map of a layer's output, given those of its inputs. A channel of the new layer is one of the old layer that goes with
 * the same channels; of several in turn, so that of more channels which go with none, as those of a convolution, the later
 * ones are copies of the first, and of fewer the first are kept.
 */
export function outputMap(old: Layer, layer: Layer, inputs: readonly ChannelMap[]): ChannelMap {
  const before = sourcesOf(old);
  const now = sourcesOf(layer);
  const [sizeBefore = 0, size = 0] = [old.shape[0], layer.shape[0]];
  if (before === undefined || now === undefined) return samePlaces(size, sizeBefore);
  const candidates = new Map<string, number[]>();
  for (const channel of places(sizeBefore)) {
    const key = keyOf(before(channel));
    const alike = candidates.get(key);
    if (alike === undefined) candidates.set(key, [channel]);
    else alike.push(channel);
  }
  const turns = new Map<string, number>();
  return places(size).map((channel) => {
    const sources = now(channel);
    const known = sources.flatMap(({ input, channel: source }) => {
      const from = inputs[input]?.[source] ?? -1;
      return from < 0 ? [] : [{ input, channel: from }];
    });
    const isNew = sources.length > 0 && known.length === 0;
    if (isNew) return -1;
    const key = keyOf(known);
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    const found = candidates.get(key);
    // What is made of other inputs than before is still in its place, if its shape is the same.
    if (found === undefined) return size === sizeBefore ? channel : -1;
    return found[turn % found.length] ?? -1;
  });
}

/** Each channel from the one at its place. */
export const samePlaces = (size: number, sizeBefore: number): ChannelMap =>
  places(size).map((channel) => (channel < sizeBefore ? channel : -1));

/** The sources of each channel, if the layer's kind tells them. */
export const sourcesOf = ({
  kind,
  inputs,
  attributes,
  shape,
}: Layer): ((channel: number) => readonly Source[]) | undefined => kind.growth?.sources(inputs, attributes, shape);

export const keyOf = (sources: readonly Source[]): string =>
  sources.map(({ input, channel }) => `${input}:${channel}`).join();

export const places = (size: number): number[] => Array.from({ length: size }, (_, place) => place);
