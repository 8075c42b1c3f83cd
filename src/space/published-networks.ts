/** @file Published networks that are members of cell spaces, by name: presets as those of nn, which know no spaces. */
import type { Preset } from '../nn/presets/preset.js';
import { dartsNetworks } from './cells/darts-presets.js';
import { enasNetworks } from './cells/enas-presets.js';
import { nasnetNetworks } from './cells/nasnet-presets.js';
import { hierarchical } from './hierarchical.js';
import { memberPreset } from './member-preset.js';
import { tree } from './tree.js';

const cifar10 = { input: { channels: 3, height: 32, width: 32 }, classes: 10 } as const;

/** Networks as their papers built them. */
export const publishedNetworks: Readonly<Record<string, Preset>> = {
  ...nasnetNetworks,
  ...enasNetworks,
  ...dartsNetworks,
  hierarchical_final: memberPreset(hierarchical({ channels: 64, cells: 2 }), 'HIERARCHICAL_FINAL', {
    ...cifar10,
    title: 'Hierarchical representation found by evolution, for CIFAR-10',
  }),
  treecell_a_pyramidnet84: memberPreset(tree({ growth: 84, blocks: 18 }), 'TreeCell-A', {
    ...cifar10,
    title: 'TreeCell-A in a PyramidNet that grows by 84 channels, for CIFAR-10',
  }),
  treecell_a_pyramidnet150: memberPreset(tree({ growth: 150, blocks: 18 }), 'TreeCell-A', {
    ...cifar10,
    title: 'TreeCell-A in a PyramidNet that grows by 150 channels, for CIFAR-10',
  }),
};
