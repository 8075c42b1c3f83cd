/** @file Whether gradients keep their size through blocks. */
import { spectralNorm } from '../../linear-algebra/spectral-norm.js';
import { blocksOfMaps } from '../need.js';
import { blockJacobians } from '../probes/block-jacobians.js';
import { defineProxy, sumOver, UndefinedScore } from '../proxy.js';

/** In the denominator, as in the released code. */
const EPSILON = 1e-6;

export const trainability = defineProxy({
  name: 'trainability',
  title: 'AZ-NAS: trainability',
  paper: 'Lee and Ham, AZ-NAS: Assembling Zero-Cost Proxies for Network Architecture Search, CVPR 2024, eq. 9',
  description:
    'The mean over blocks of 2 − σ − 1 / (σ + 1e-6), with σ the largest singular value of the block’s Jacobian from channels to channels, estimated with one random vector of signs: 0 at most, where σ is 1.',
  weakness:
    'One random vector a block is a noisy estimate, and a block that changes hardly anything is close to the best.',
  needs: [blocksOfMaps(2)],
  probes: [blockJacobians],
  score(measured) {
    const blocks = measured.of(blockJacobians);
    const sum = sumOver(blocks, ({ matrix, isIdentity }, index) => {
      if (isIdentity)
        throw new UndefinedScore(`block ${index + 2} gives what it gets, so that it has nothing to train`);
      if (!Array.from(matrix.data).every(Number.isFinite))
        throw new UndefinedScore(`gradients overflow in block ${index + 2}`);
      const stretch = spectralNorm(matrix);
      return 2 - stretch - 1 / (stretch + EPSILON);
    });
    return sum / blocks.length;
  },
});
