/** @file What a surrogate sees of an architecture. */
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import type { ArchitectureGraph } from '../../space/architecture-graph.js';
import type { FeasibleSpace } from '../feasible/feasible-space.js';
import type { InputPoint } from './gaussian-process.js';
import { GraphFeatures } from './graph-features.js';
import { sparseVector } from './sparse-vector.js';

/** Architectures whose graphs tell which operators there are and how much features vary. */
const SAMPLE = 200;

/** What features need of a space. */
export type DescribedSpace = Pick<FeasibleSpace, 'decisions' | 'graph'>;

/**
 * Two views: the decisions, which tell all architectures apart, and where the space has graphs their counts, paths and degrees,
 * which are alike where networks compute alike. How much each says is left to the length scales.
 */
export class ArchitectureFeatures {
  readonly #space: DescribedSpace;
  #graphs: GraphFeatures | undefined;

  constructor(space: DescribedSpace) {
    this.#space = space;
  }

  /** As one vector for each view. */
  of(architecture: Json): InputPoint {
    const decisions = sparseVector(this.#space.decisions.encode(architecture).entries());
    const graph = this.#space.graph(architecture);
    if (graph === null) return [decisions];
    return [decisions, sparseVector(this.#featuresOf(graph).entries())];
  }

  /** As one row of numbers, of the graph alone where the space has graphs, else of the decisions. */
  rowOf(architecture: Json): Float64Array {
    const graph = this.#space.graph(architecture);
    return graph === null ? Float64Array.from(this.#space.decisions.encode(architecture)) : this.#featuresOf(graph);
  }

  #featuresOf(graph: ArchitectureGraph): Float64Array {
    this.#graphs ??= new GraphFeatures(sampledGraphs(this.#space));
    return this.#graphs.of(graph);
  }
}

/** The same for every search of the space. */
function sampledGraphs(space: DescribedSpace): ArchitectureGraph[] {
  const random = new Random(0).stream('graph features');
  return Array.from({ length: SAMPLE }, () => space.graph(space.decisions.sample(random)) ?? []);
}
