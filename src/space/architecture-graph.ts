/** @file What a cell computes, as a graph of operators: for comparing architectures, where a network would be too large. */

export interface GraphNode {
  /** What it does: `input`, an operator, `output`. Nodes that do the same have the same label. */
  readonly label: string;
  /** The nodes that it reads, by their place in the graph; all come earlier. */
  readonly inputs: readonly number[];
  /** The cell that it belongs to, where there are several. */
  readonly cell?: string;
}

/** Without nodes that have no influence on the output. */
export type ArchitectureGraph = readonly GraphNode[];

/** The graph of a network of several cells: a last node reads their outputs, and labels begin with the names of the cells. */
export function graphOfCells(cells: Readonly<Record<string, ArchitectureGraph>>): ArchitectureGraph {
  const nodes: GraphNode[] = [];
  const outputs: number[] = [];
  for (const [cell, graph] of Object.entries(cells)) {
    const start = nodes.length;
    for (const { label, inputs } of graph) {
      nodes.push({ label: `${cell} ${label}`, inputs: inputs.map((input) => start + input), cell });
    }
    outputs.push(nodes.length - 1);
  }
  return [...nodes, { label: 'output', inputs: outputs }];
}

/** The graph without the nodes that its last one does not depend on. */
export function withoutUnread(graph: ArchitectureGraph): ArchitectureGraph {
  const read = new Set([graph.length - 1]);
  for (let node = graph.length - 1; node >= 0; node--) {
    if (read.has(node)) for (const input of graph[node]?.inputs ?? []) read.add(input);
  }
  const places = new Map([...read].sort((first, second) => first - second).map((node, place) => [node, place]));
  return [...places.keys()].flatMap((node) => {
    const kept = graph[node];
    return kept === undefined ? [] : [{ ...kept, inputs: kept.inputs.map((input) => places.get(input) ?? 0) }];
  });
}
