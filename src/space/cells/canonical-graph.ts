/** @file One way to write all isomorphic graphs of a cell: the order of its nodes is no part of what it computes. */
/** An edge into a node: where it comes from, and what it does. */
export interface LabelledEdge {
  readonly from: number;
  readonly label: string;
}

/**
 * The graph in words that do not depend on the order of its nodes: nodes that may change places are written in the order
 * whose words come first. Inputs keep their numbers, since what they hold differs; the order of a node's edges is nothing.
 * @param inputs how many inputs there are: numbers 0 to `inputs` − 1.
 * @param nodes the edges into each node; the first node has the number `inputs`, and takes none that comes later.
 */
export function canonicalGraph(inputs: number, nodes: readonly (readonly LabelledEdge[])[]): string {
  const places = new Map(Array.from({ length: inputs }, (_, input) => [input, input]));
  return firstWords(inputs, nodes, places).join(' | ');
}

/** The words of the nodes that have no place yet. Of those that could be next, only the ones whose words come first can be. */
function firstWords(
  inputs: number,
  nodes: readonly (readonly LabelledEdge[])[],
  places: ReadonlyMap<number, number>,
): string[] {
  const candidates = nodes.flatMap((edges, index) => {
    const node = inputs + index;
    return places.has(node) || !edges.every(({ from }) => places.has(from))
      ? []
      : [{ node, words: words(edges, places) }];
  });
  const [first] = candidates.map((candidate) => candidate.words).sort();
  if (first === undefined) return [];
  const continuations = candidates
    .filter((candidate) => candidate.words === first)
    .map(({ node }) => [first, ...firstWords(inputs, nodes, new Map([...places, [node, places.size]]))]);
  return continuations.reduce((best, one) => (one.join() < best.join() ? one : best));
}

const words = (edges: readonly LabelledEdge[], places: ReadonlyMap<number, number>): string =>
  edges
    .map(({ from, label }) => `${label}~${places.get(from)}`)
    .sort()
    .join(' + ');
