/** @file Σ θ·∂L/∂θ. */
import { severalClasses, weights } from '../need.js';
import { gradient } from '../probes/gradient.js';
import { defineProxy, sumOfPairs, sumOver } from '../proxy.js';

export const plain = defineProxy({
  name: 'plain',
  title: 'Weights times gradients, with their signs',
  paper:
    'Mozer and Smolensky, Skeletonization, NIPS 1988; Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021',
  description: 'Σ θ · ∂L/∂θ over the weights of convolutions and linear layers, for one batch.',
  weakness: 'Terms of both signs cancel: what is left is close to noise and orders hardly anything.',
  needs: [weights, severalClasses],
  probes: [gradient],
  score: (measured) => {
    const gradients = measured.of(gradient);
    return sumOver(measured.graph.weightArrays, (layer, position) =>
      sumOfPairs(layer, gradients[position], (w, g) => w * g),
    );
  },
});
