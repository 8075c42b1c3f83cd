/** @file How evenly the Fisher information is spread over directions of the weights. */
import { eigenvalues } from '../../linear-algebra/symmetric.js';
import { weights } from '../need.js';
import { fisherInformation } from '../probes/fisher-information.js';
import { defineProxy, UndefinedScore } from '../proxy.js';

/** Deciles without the extremes. */
const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

export const vkdnw = defineProxy({
  name: 'vkdnw',
  title: 'Variance of knowledge of deep network weights',
  paper:
    'Tybl and Neumann, Training-free Neural Architecture Search through Variance of Knowledge of Deep Network Weights, CVPR 2025, eq. 9',
  description:
    'The number of parameter tensors, plus the entropy of the nine deciles of the eigenvalues of the Fisher information of the first weight of each (of 128 at most), from 0 to 1. Images and weights are noise.',
  weakness:
    'Orders networks by their number of layers above all: the Fisher information decides between those of as many. The dearest of the scores, with a pass backwards for each class.',
  needs: [weights],
  probes: [fisherInformation],
  score(measured) {
    const information = measured.of(fisherInformation);
    if (!information.data.every(Number.isFinite)) throw new UndefinedScore('its Fisher information overflows');
    return measured.graph.tensors.parameters.length + evenness(eigenvalues(information));
  },
});

/**
 * The entropy of the deciles divided by their sum, as a share of the largest, ln 9: as the score is compared where numbers of
 * tensors are equal (released code), it must be less than one tensor.
 *
 * @param ascending the eigenvalues
 */
export function evenness(ascending: Float64Array): number {
  const deciles = DECILES.map((share) => {
    const position = share * (ascending.length - 1);
    const below = Math.floor(position);
    const [low = 0, high = low] = ascending.subarray(below);
    return Math.max(low + (position - below) * (high - low), 0);
  });
  const total = deciles.reduce((sum, decile) => sum + decile, 0);
  if (total === 0) throw new UndefinedScore('nearly all weights have no Fisher information');
  const shares = deciles.map((decile) => decile / total).filter((share) => share > 0);
  return -shares.reduce((sum, share) => sum + share * Math.log(share), 0) / Math.log(DECILES.length);
}
