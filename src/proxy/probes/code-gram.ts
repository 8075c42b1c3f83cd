/** @file How alike the images of a batch switch a network's ReLUs. */
import type { SquareMatrix } from '../../linear-algebra/symmetric.js';
import { add, gram, step, type Tensor } from '../../tensor/index.js';
import type { Probe } from '../probe.js';

/** Up to here float32 counts exactly. */
const MOST_COUNTED = 2 ** 24;

/**
 * Of how many of all units any two images switch both on or both off: N_A minus the Hamming distance of their codes (Mellor et
 * al. 2021, eq. 2). Every ReLU counts, also several that read the same.
 */
export const codeGram: Probe<SquareMatrix> = {
  name: 'codeGram',
  tensors(graph) {
    const sums: { tensor: Tensor; units: number }[] = [];
    for (const { inputs } of graph.rectifiers) {
      const { elements } = inputs[0];
      const both = gram(step(graph.feature(inputs[0])));
      const last = sums.at(-1);
      if (last !== undefined && last.units + elements <= MOST_COUNTED) {
        last.tensor = add(last.tensor, both);
        last.units += elements;
      } else sums.push({ tensor: both, units: elements });
    }
    return Object.fromEntries(sums.map(({ tensor }, index) => [`both${index}`, tensor]));
  },
  read(arrays, { batchSize: size, rectifiers }) {
    const units = rectifiers.reduce((sum, { inputs }) => sum + inputs[0].elements, 0);
    const both = new Float64Array(size * size);
    for (const sum of Object.values(arrays))
      for (const [at, count] of sum.entries()) both[at] = (both[at] ?? 0) + count;
    // An image's own product is how many units it switches on; off are both where neither is on.
    const on = (image: number): number => both[image * (size + 1)] ?? 0;
    const data = both.map((count, at) => 2 * count + units - on(Math.floor(at / size)) - on(at % size));
    return { size, data };
  },
};
