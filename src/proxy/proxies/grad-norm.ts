/** @file Σ over layers of ‖∂L/∂θ‖. */
import { severalClasses, weights } from '../need.js';
import { gradient } from '../probes/gradient.js';
import { defineProxy, norm, sumOver } from '../proxy.js';

export const gradNorm = defineProxy({
  name: 'grad_norm',
  title: 'Norms of the gradients',
  paper: 'Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021',
  description: 'The sum of the Euclidean norms of the gradients of all weight tensors, for one batch.',
  weakness: 'Large gradients also mean a network that trains badly: it follows depth and scale more than quality.',
  needs: [weights, severalClasses],
  probes: [gradient],
  score: (measured) => sumOver(measured.of(gradient), norm),
});
