/** @file How many patterns the ReLUs of a network make of a batch. */
import type { Feature } from '../../nn/feature.js';
import { constant, matmul, reshape, step } from '../../tensor/index.js';
import type { ProxyGraph } from '../graph.js';
import { arrayOf, type Probe } from '../probe.js';

/** Whole numbers of this many bits are exact in float32. */
const BITS = 24;

/** The number of different columns, a column being the images for which one ReLU is on (Peng et al. 2024, definition 2). */
export const activationPatterns: Probe<number> = {
  name: 'activationPatterns',
  tensors(graph) {
    const { batchSize } = graph;
    const words = Math.ceil(batchSize / BITS);
    const weights = Float32Array.from({ length: words * batchSize }, (_, at) => {
      const [word, image] = [Math.floor(at / batchSize), at % batchSize];
      return Math.floor(image / BITS) === word ? 2 ** (image % BITS) : 0;
    });
    const packing = constant(weights, [words, batchSize]);
    return Object.fromEntries(
      rectified(graph).map((input, index) => {
        const units = reshape(step(graph.feature(input)), [batchSize, input.elements]);
        return [`words${index}`, matmul(packing, units)];
      }),
    );
  },
  read(arrays, graph) {
    const layers = rectified(graph).map((_, index) => arrayOf(arrays, `words${index}`));
    return distinctColumns(layers, Math.ceil(graph.batchSize / BITS));
  },
};

/** What ReLUs read; several that read the same make the same patterns. */
const rectified = ({ rectifiers }: ProxyGraph): Feature[] => [...new Set(rectifiers.map(({ inputs }) => inputs[0]))];

/** How many columns of matrices with so many rows differ, all matrices together. */
function distinctColumns(matrices: readonly Float32Array[], rows: number): number {
  let groups = matrices.map((matrix) => new Float64Array(matrix.length / rows));
  let count = 1;
  for (let row = 0; row < rows; row++) {
    // A column is known by the group of its elements so far and the next one: together less than 2^53.
    const known = new Map<number, number>();
    groups = groups.map((group, index) => {
      const offset = row * group.length;
      return group.map((earlier, column) => {
        const key = earlier * 2 ** BITS + (matrices[index]?.[offset + column] ?? 0);
        const found = known.get(key) ?? known.size;
        known.set(key, found);
        return found;
      });
    });
    count = known.size;
  }
  return count;
}
