/** @file Whether features become richer from block to block. */
import { blocksOfMaps } from '../need.js';
import { blockCovariances } from '../probes/block-covariances.js';
import { defineProxy } from '../proxy.js';
import { spectralEntropies } from '../spectral-entropy.js';

export const progressivity = defineProxy({
  name: 'progressivity',
  title: 'AZ-NAS: progressivity',
  paper: 'Lee and Ham, AZ-NAS: Assembling Zero-Cost Proxies for Network Architecture Search, CVPR 2024, eq. 6',
  description: 'The least growth from one block to the next of what expressivity sums.',
  weakness: 'A minimum: one block decides, and the others are not seen.',
  needs: [blocksOfMaps(2)],
  probes: [blockCovariances],
  score(measured) {
    const entropies = spectralEntropies(measured.of(blockCovariances));
    return Math.min(...entropies.slice(1).map((entropy, index) => entropy - (entropies[index] ?? 0)));
  },
});
