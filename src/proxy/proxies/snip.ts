/** @file Σ |θ·∂L/∂θ|. */
import { severalClasses, weights } from '../need.js';
import { gradient } from '../probes/gradient.js';
import { defineProxy, sumOfPairs, sumOver } from '../proxy.js';

export const snip = defineProxy({
  name: 'snip',
  title: 'Sensitivity of the loss to its connections',
  paper: 'Lee et al., SNIP: Single-shot Network Pruning based on Connection Sensitivity, ICLR 2019, eq. 6',
  description:
    'Σ |θ · ∂L/∂θ| over the weights of convolutions and linear layers: how much the loss feels a mask on each.',
  weakness:
    'Made to compare weights of one network. Between networks it follows their number and the scale of gradients.',
  needs: [weights, severalClasses],
  probes: [gradient],
  score: (measured) => {
    const gradients = measured.of(gradient);
    return sumOver(measured.graph.weightArrays, (layer, position) =>
      sumOfPairs(layer, gradients[position], (w, g) => Math.abs(w * g)),
    );
  },
});
