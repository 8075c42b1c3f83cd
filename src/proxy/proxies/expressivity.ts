/** @file How evenly the features of blocks use their dimensions. */
import { blocksOfMaps } from '../need.js';
import { blockCovariances } from '../probes/block-covariances.js';
import { defineProxy } from '../proxy.js';
import { spectralEntropies } from '../spectral-entropy.js';

export const expressivity = defineProxy({
  name: 'expressivity',
  title: 'AZ-NAS: expressivity',
  paper: 'Lee and Ham, AZ-NAS: Assembling Zero-Cost Proxies for Network Architecture Search, CVPR 2024, eq. 5',
  description:
    'Σ over blocks of −Σ p ln p, with p the eigenvalues of the covariances between the channels of a block’s output, divided by their sum. Images and weights are noise.',
  weakness:
    'Sums over blocks and is at most the logarithm of their channels: it prefers deep and wide networks, and sees no loss.',
  needs: [blocksOfMaps(1)],
  probes: [blockCovariances],
  score: (measured) => spectralEntropies(measured.of(blockCovariances)).reduce((sum, entropy) => sum + entropy, 0),
});
