/** @file How steady gradients are from batch to batch. */
import { severalClasses, weights } from '../need.js';
import { gradient } from '../probes/gradient.js';
import { defineProxy, UndefinedScore } from '../proxy.js';

export const zico = defineProxy({
  name: 'zico',
  title: 'Inverse coefficients of variation of gradients',
  paper: 'Li et al., ZiCo: Zero-shot NAS via Inverse Coefficient of Variation on Gradients, ICLR 2023, eq. 17',
  description:
    'Σ over layers of ln Σ over weights of mean |g| / σ(g), with g the derivative of the loss by a weight, for two batches.',
  weakness:
    'With two batches a deviation is a difference, and the weights where it happens to be small make up a sum. It grows with the number of layers.',
  needs: [weights, severalClasses],
  probes: [gradient],
  batches: 2,
  score(measured) {
    const batches = measured.each(gradient);
    const layers = measured.graph.weighted.map((_, layer) => batches.map((gradients) => gradients[layer] ?? noNumbers));
    const logarithms = layers.map((gradients) => Math.log(inverseVariation(gradients))).filter(Number.isFinite);
    if (logarithms.length === 0) throw new UndefinedScore('gradients are the same for every batch');
    return logarithms.reduce((sum, logarithm) => sum + logarithm, 0);
  },
});

const noNumbers = new Float32Array();

/** Σ mean |g| / σ(g) over the weights of a layer, given their gradients for each batch; those that do not vary are left out. */
export function inverseVariation(batches: readonly Float32Array[]): number {
  const count = batches.length;
  let total = 0;
  for (let weight = 0; weight < (batches[0]?.length ?? 0); weight++) {
    let [sum, absolute, squares] = [0, 0, 0];
    for (const gradients of batches) {
      sum += gradients[weight] ?? 0;
      absolute += Math.abs(gradients[weight] ?? 0);
    }
    for (const gradients of batches) squares += ((gradients[weight] ?? 0) - sum / count) ** 2;
    if (squares > 0) total += absolute / count / Math.sqrt(squares / count);
  }
  return total;
}
