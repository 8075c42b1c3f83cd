/** @file Rules of growth that several layer kinds share. */
import type { Inputs, LayerArrays, Placed, Source } from './layer-kind.js';

/** The sources of layers that work on each channel alone: the same channel of all inputs. */
export const sameChannels =
  (inputs: Inputs) =>
  (channel: number): readonly Source[] =>
    inputs.map((_, input) => ({ input, channel }));

/** The sources of layers that make each channel of all others. */
export const noSources = () => (): readonly Source[] => [];

/** The numbers of a layer that gives zeros if all of its own are. */
export const allZero = ({ arrays }: Pick<Placed, 'arrays'>): LayerArrays =>
  new Map(Array.from(arrays, ([name, array]) => [name, new Float32Array(array.length)]));
