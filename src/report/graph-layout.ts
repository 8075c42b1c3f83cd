/** @file Places for the boxes of a graph and ways for its edges, in layers from top to bottom (Gansner et al. 1993, by dagre). */
import { Graph, layout } from '@dagrejs/dagre';

export interface PixelPoint {
  readonly x: number;
  readonly y: number;
}

/** Sizes in CSS pixels. */
export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Centres of the nodes, by their ids. */
  readonly centres: ReadonlyMap<string, PixelPoint>;
  /** For each edge the points that it passes, from border to border. */
  readonly edges: readonly (readonly PixelPoint[])[];
}

const SPACING = { nodesep: 14, ranksep: 22, edgesep: 12, marginx: 2, marginy: 2 };

/** Lays a graph out. Edges are pairs of ids, from and to; of equal edges one is kept. */
export function layoutGraph(
  nodes: readonly LayoutNode[],
  edges: readonly (readonly [from: string, to: string])[],
): GraphLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', ...SPACING });
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
  for (const [from, to] of edges) graph.setEdge(from, to, {});
  layout(graph);
  // The package's own types do not resolve under Node's module rules: what comes from its graphs gets its type here.
  const size: { readonly width?: number; readonly height?: number } = graph.graph();
  const keys: readonly { readonly v: string; readonly w: string }[] = graph.edges();
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    centres: new Map(
      nodes.map(({ id }) => {
        const { x, y }: PixelPoint = graph.node(id);
        return [id, { x, y }];
      }),
    ),
    edges: keys.map((key) => {
      const edge: { readonly points: readonly PixelPoint[] } = graph.edge(key);
      return edge.points.map(({ x, y }) => ({ x, y }));
    }),
  };
}
