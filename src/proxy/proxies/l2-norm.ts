/** @file Σ over layers of ‖θ‖. */
import { weights } from '../need.js';
import { defineProxy, norm, sumOver } from '../proxy.js';

export const l2Norm = defineProxy({
  name: 'l2_norm',
  title: 'Norms of the weights',
  paper: 'Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021',
  description: 'The sum of the Euclidean norms of all weight tensors as they begin.',
  weakness: 'Sees no image and no connection: it counts layers, weighted by how they are initialised.',
  needs: [weights],
  score: (measured) => sumOver(measured.graph.weightArrays, norm),
});
