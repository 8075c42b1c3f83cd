/** @file What a surrogate sees of an architecture. */
import type { Json } from '../../json.js';
import type { FeasibleSpace } from '../feasible/feasible-space.js';
import type { InputPoint } from './gaussian-process.js';
import { sparseVector } from './sparse-vector.js';
import { WeisfeilerLehman } from './weisfeiler-lehman.js';

/** Steps of a neighbourhood: an operator and what it reads. Few architectures share wider ones, which then say little. */
const DEPTH = 1;

/**
 * Two views: the decisions, which tell all architectures apart, and where the space has graphs, the neighbourhoods in
 * the graph, which are alike where networks compute alike. How much each says is left to the length scales.
 */
export class ArchitectureFeatures {
  readonly #space: Pick<FeasibleSpace, 'decisions' | 'graph'>;
  readonly #neighbourhoods = new WeisfeilerLehman(DEPTH);

  constructor(space: Pick<FeasibleSpace, 'decisions' | 'graph'>) {
    this.#space = space;
  }

  of(architecture: Json): InputPoint {
    const decisions = sparseVector(this.#space.decisions.encode(architecture).entries());
    const graph = this.#space.graph(architecture);
    return graph === null ? [decisions] : [decisions, this.#neighbourhoods.featuresOf(graph)];
  }
}
