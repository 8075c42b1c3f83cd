/** @file Presets that are members of spaces cost what their papers print. */
import { expect, it } from 'vitest';
import { publishedNetworks } from './published-networks.js';

// Liu et al. 2019 (DARTS), table 1: 15.7 M; Cai et al. 2018, table 1: 5.7 M and 14.3 M.
it.each([
  ['hierarchical_final', 15_706_186, 2_304_797_184],
  ['treecell_a_pyramidnet84', 5_724_330, 1_159_171_360],
  ['treecell_a_pyramidnet150', 14_273_454, 2_592_618_736],
])('%s has %i parameters and %i multiply-accumulates', (name, params, macs) => {
  const preset = publishedNetworks[name];
  expect(preset?.build(preset).cost()).toMatchObject({ params, macs });
  const coarse = preset?.build({ input: { channels: 1, height: 16, width: 16 }, classes: 5 });
  expect(coarse?.outputShape).toEqual([5]);
});
