/** @file A published architecture of a space as a preset. */
import type { Json } from '../json.js';
import type { Preset, PresetTarget } from '../nn/presets/preset.js';
import type { SearchSpace } from './space.js';

/** The network of one architecture, in the skeleton of its space: what it was published for unless told otherwise. */
export function memberPreset<A extends Json>(
  space: SearchSpace<A>,
  name: string,
  { title, ...task }: PresetTarget & { readonly title: string },
): Preset {
  const architecture = space.parse(name);
  return {
    ...task,
    title,
    paper: space.paper,
    build: ({ input, classes }) => space.build(architecture, { ...input, classes }),
  };
}
