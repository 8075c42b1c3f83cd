/** @file Motifs (Liu et al. 2018): small graphs with one input and one output, whose edges hold operators or other motifs. */
import { channelsOf, convNorm } from '../../nn/blocks/index.js';
import { type Feature, scope } from '../../nn/feature.js';
import { concat, zeros } from '../../nn/layers/index.js';
import { choice } from '../decisions/choice.js';
import type { Decision } from '../decisions/decision.js';
import { filtered } from '../decisions/filtered.js';
import type { Mixture } from '../decisions/mixture.js';
import { branch } from '../decisions/relax.js';
import { repeat } from '../decisions/repeat.js';
import { canonicalGraph } from './canonical-graph.js';
import type { CellState, OperatorGraph, PlaceEdge } from './operator-graph.js';

/** What an edge holds that is not there. */
export const NO_EDGE = 'none';

/** Entry `[i][j]` is what the edge from node j + 1 to node i + 2 holds. Node 1 is the input, the last node the output. */
export type Motif = readonly (readonly string[])[];

/** A motif with edges decided or open. */
export type OpenMotif = readonly (readonly (string | Mixture<string>)[])[];

/** The motifs of so many nodes in which a path leads from the first to the last; others give the same for every image. */
export function motifs(nodes: number, operators: readonly string[]): Decision<Motif> {
  const edge = choice([NO_EDGE, ...operators]);
  return filtered(
    repeat((row) => repeat(edge, row + 1), nodes - 1),
    (motif) => (hasPath(motif) ? undefined : `no path leads from node 1 to node ${nodes}`),
    { size: countMotifs(nodes, operators.length) },
  );
}

/** Whether a path leads from the first to the last node. */
export const hasPath = (motif: Motif): boolean => liveNodes(motif).size > 0;

/**
 * How many motifs have a path from the first to the last node. Of the nodes so far only how many can be reached matters:
 * a new one is out of reach if all edges from those are missing, whatever the edges from the others hold.
 */
function countMotifs(nodes: number, operators: number): bigint {
  const options = BigInt(operators + 1);
  let byReached = new Map([[1, 1n]]);
  for (let earlier = 1; earlier < nodes; earlier++) {
    const next = new Map<number, bigint>();
    const gain = (reached: number, ways: bigint) => next.set(reached, (next.get(reached) ?? 0n) + ways);
    for (const [reached, ways] of byReached) {
      const free = ways * options ** BigInt(earlier - reached);
      gain(reached + 1, free * (options ** BigInt(reached) - 1n));
      if (earlier < nodes - 1) gain(reached, free);
    }
    byReached = next;
  }
  return [...byReached.values()].reduce((sum, ways) => sum + ways, 0n);
}

/** An edge that is there; node numbers begin at 1. */
export interface MotifEdge<Operator = string> {
  readonly from: number;
  readonly to: number;
  readonly operator: Operator;
}

/** The edges that are there, by the nodes that they lead to. */
export function edgesOf<Operator>(motif: readonly (readonly Operator[])[]): MotifEdge<Operator>[] {
  return motif
    .flatMap((row, index) => row.map((operator, from) => ({ from: from + 1, to: index + 2, operator })))
    .filter(({ operator }) => operator !== NO_EDGE);
}

/** The nodes that lie on a path from the first to the last. */
function liveNodes(motif: OpenMotif): Set<number> {
  const edges = edgesOf(motif);
  const reached = new Set([1]);
  for (const { from, to } of edges) if (reached.has(from)) reached.add(to);
  const needed = new Set([motif.length + 1]);
  for (const { from, to } of edges.toReversed()) if (needed.has(to)) needed.add(from);
  return new Set([...reached].filter((node) => needed.has(node)));
}

/** What an edge does to a map, by the name that it holds; it keeps the shape. */
export type MotifParts = ReadonlyMap<string, (x: Feature) => Feature>;

/**
 * Builds a motif on [C, H, W]: each node joins the channels of its edges, and where it has several brings them back to C by
 * 1×1 – norm – ReLU. Nodes that are on no path from the input to the output are left out.
 */
export function buildMotif(x: Feature, motif: OpenMotif, parts: MotifParts): Feature {
  const live = liveNodes(motif);
  const edges = edgesOf(motif).filter(({ from, to }) => live.has(from) && live.has(to));
  let output = x;
  const nodes = new Map([[1, x]]);
  for (const to of [...motif.keys()].map((row) => row + 2)) {
    const incoming = edges.flatMap((edge) => {
      const source = nodes.get(edge.from);
      if (edge.to !== to || source === undefined) return [];
      return [
        scope(source, `edge${edge.from}_${to}`, (y) => branch(edge.operator, y, (name, z) => part(parts, name)(z))),
      ];
    });
    if (incoming.length === 0) continue;
    output = merge(incoming, channelsOf(x), `node${to}`);
    nodes.set(to, output);
  }
  return output;
}

function part(parts: MotifParts, name: string): (x: Feature) => Feature {
  // A supernet weighs the absence of an edge.
  const found = name === NO_EDGE ? zeros : parts.get(name);
  if (found === undefined) throw new RangeError(`an edge holds ${name}, but there are ${[...parts.keys()].join(', ')}`);
  return found;
}

function merge(features: readonly Feature[], out: number, name: string): Feature {
  const [only, ...others] = features;
  if (only !== undefined && others.length === 0) return only;
  return convNorm(concat(features, { name: `${name}.join` }), { name, out, kernel: 1, activation: 'relu' });
}

/** Equal for motifs that are isomorphic, what is on no path left out. `label` says what an edge's operator is. */
export function canonicalMotif(motif: Motif, label: (operator: string) => string): string {
  const live = [...liveNodes(motif)].sort((a, b) => a - b);
  const edges = edgesOf(motif).filter(({ from }) => live.includes(from));
  return canonicalGraph(
    1,
    live
      .slice(1)
      .map((node) =>
        edges
          .filter(({ to }) => to === node)
          .map(({ from, operator }) => ({ from: live.indexOf(from), label: label(operator) })),
      ),
  );
}

/** The nodes behind the first, each with the edges that are there; the first node is state 0. */
export const statesOf = (motif: Motif): CellState[] =>
  motif.map((row) => ({
    edges: row.flatMap((label, from) => (label === NO_EDGE ? [] : [{ from, label }])),
  }));

/** Places a motif behind nodes of a graph, and gives the node at its end. `place` says what an edge's operator is. */
export const placeMotif = (
  graph: OperatorGraph,
  motif: Motif,
  source: readonly number[],
  place: PlaceEdge,
): readonly number[] => graph.joined('join', graph.arrivals([source], statesOf(motif), place).at(-1) ?? []);
