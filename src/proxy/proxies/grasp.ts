/** @file Σ −θ·(H g). */
import { severalClasses, weights } from '../need.js';
import { curvature } from '../probes/curvature.js';
import { defineProxy, sumOfPairs, sumOver } from '../proxy.js';

export const grasp = defineProxy({
  name: 'grasp',
  title: 'What the gradient would lose with each weight',
  paper: 'Wang et al., Picking Winning Tickets Before Training by Preserving Gradient Flow, ICLR 2020, eq. 8',
  description: 'Σ −θ · (H g), with the Hessian times the gradient from a second differentiation, temperature 1.',
  weakness: 'A sum of terms of both signs that varies with batch and seed, and the dearest of the gradient scores.',
  needs: [weights, severalClasses],
  probes: [curvature],
  score: (measured) => {
    const products = measured.of(curvature);
    return sumOver(measured.graph.weightArrays, (layer, position) =>
      sumOfPairs(layer, products[position], (w, hg) => -w * hg),
    );
  },
});
