/** @file Published networks that are members of cell spaces, by name: presets as those of nn, which know no spaces. */
import type { Preset } from '../nn/presets/preset.js';
import { dartsNetworks } from './cells/darts-presets.js';
import { enasNetworks } from './cells/enas-presets.js';
import { nasnetNetworks } from './cells/nasnet-presets.js';

/** Networks as their papers built them. */
export const publishedNetworks: Readonly<Record<string, Preset>> = {
  ...nasnetNetworks,
  ...enasNetworks,
  ...dartsNetworks,
};
