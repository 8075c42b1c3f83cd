/** @file Weisfeiler and Lehman's features of graphs: how often each neighbourhood occurs (Shervashidze et al. 2011). */
import type { ArchitectureGraph } from '../src/space/architecture-graph.js';
import { type SparseVector, sparseVector } from '../src/strategy/surrogate/sparse-vector.js';

/**
 * Counts neighbourhoods of up to `depth` steps against the direction of the edges, as Ru et al. (Interpretable Neural
 * Architecture Search via Bayesian Optimisation with Weisfeiler-Lehman Kernels, ICLR 2021) see cells. Isomorphic graphs
 * have the same features.
 */
export class WeisfeilerLehman {
  readonly #depth: number;
  /** Neighbourhoods met so far; the number is the index of their count. */
  readonly #vocabulary = new Map<string, number>();

  constructor(depth: number) {
    this.#depth = depth;
  }

  featuresOf(graph: ArchitectureGraph): SparseVector {
    const counts = new Map<number, number>();
    let labels = graph.map(({ label }) => this.#indexOf(label));
    for (let step = 0; ; step++) {
      for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
      if (step === this.#depth) return sparseVector(counts);
      const previous = labels;
      labels = graph.map(({ inputs }, node) => {
        const neighbours = inputs.map((input) => previous[input] ?? -1).sort((first, second) => first - second);
        return this.#indexOf(`${previous[node]}(${neighbours.join()})`);
      });
    }
  }

  #indexOf(neighbourhood: string): number {
    const known = this.#vocabulary.get(neighbourhood);
    if (known !== undefined) return known;
    const index = this.#vocabulary.size;
    this.#vocabulary.set(neighbourhood, index);
    return index;
  }
}
