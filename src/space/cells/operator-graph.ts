/** @file Cells whose edges hold operators, as graphs whose nodes are operators: each reads those that lead to where it begins. */
import { type ArchitectureGraph, type GraphNode, withoutUnread } from '../architecture-graph.js';
import type { LabelledEdge } from './canonical-graph.js';

/** A state of a cell: what its edges bring. */
export interface CellState {
  readonly edges: readonly LabelledEdge[];
  /** A node of its own that joins what the edges bring, such as `concat`. Default: none, what several bring is one sum. */
  readonly joint?: string;
}

/** Places what an edge holds behind the nodes at its source, and gives the nodes at its end. */
export type PlaceEdge = (label: string, source: readonly number[]) => readonly number[];

/** A graph that grows from its inputs to its output. */
export class OperatorGraph {
  readonly #nodes: GraphNode[] = [];

  /** One more node; gives its place. */
  append(label: string, inputs: readonly number[] = []): number {
    return this.#nodes.push({ label, inputs }) - 1;
  }

  /**
   * The nodes that arrive at each state, those of the inputs first. An edge from a state at which nothing arrives brings
   * nothing.
   * @param inputs the nodes that arrive at the states 0, 1, …
   * @param states those behind the inputs, each with edges from earlier ones.
   * @param place Default: an edge holds one operator.
   */
  arrivals(
    inputs: readonly (readonly number[])[],
    states: readonly CellState[],
    place: PlaceEdge = (label, source) => [this.append(label, source)],
  ): readonly (readonly number[])[] {
    const arriving = [...inputs];
    for (const { edges, joint } of states) {
      const brought = edges.flatMap(({ from, label }) => {
        const source = arriving[from] ?? [];
        return source.length === 0 ? [] : place(label, source);
      });
      arriving.push(joint === undefined ? brought : [this.append(joint, brought)]);
    }
    return arriving;
  }

  /** Several nodes as one that joins them; one node is itself. */
  joined(joint: string, nodes: readonly number[]): readonly number[] {
    return nodes.length > 1 ? [this.append(joint, nodes)] : nodes;
  }

  /** The graph whose output reads these nodes. */
  endingWith(nodes: readonly number[]): ArchitectureGraph {
    return withoutUnread([...this.#nodes, { label: 'output', inputs: nodes }]);
  }
}

/**
 * The graph of a cell whose output concatenates states.
 * @param inputs how many inputs there are, states 0 to `inputs` − 1, which differ.
 * @param states those behind the inputs.
 * @param concatenated the numbers of the states in the output.
 */
export function cellGraph(
  inputs: number,
  states: readonly CellState[],
  concatenated: readonly number[],
): ArchitectureGraph {
  const graph = new OperatorGraph();
  const given = Array.from({ length: inputs }, (_, input) => [graph.append(`input${input}`)]);
  const arriving = graph.arrivals(given, states);
  return graph.endingWith(concatenated.flatMap((state) => graph.joined('add', arriving[state] ?? [])));
}
