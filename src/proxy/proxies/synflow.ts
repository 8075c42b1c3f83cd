/** @file The synaptic flow. */
import { weights } from '../need.js';
import { flow } from '../probes/flow.js';
import { defineProxy, UndefinedScore } from '../proxy.js';

export const synflow = defineProxy({
  name: 'synflow',
  title: 'Synaptic flow, as its natural logarithm',
  paper:
    'Tanaka et al., Pruning neural networks without any data by iteratively conserving synaptic flow, NeurIPS 2020, eq. 2',
  description:
    'ln Σ |θ · ∂R/∂θ|, with R the output of a network of absolute weights without norms for an image of ones: products of weights along all paths. ' +
    'The sum itself may exceed what a number can hold; its logarithm orders networks alike.',
  weakness:
    'Grows with the number and the width of paths: it is close to a count of parameters, and sees neither images nor norms.',
  needs: [weights],
  probes: [flow],
  score(measured) {
    const logarithms = measured.of(flow);
    const largest = Math.max(...logarithms);
    if (largest === Number.NEGATIVE_INFINITY) throw new UndefinedScore('nothing flows from the image to the output');
    return largest + Math.log(logarithms.reduce((sum, logarithm) => sum + Math.exp(logarithm - largest), 0));
  },
});
