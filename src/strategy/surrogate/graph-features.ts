/** @file Features of operator graphs that tell what networks score: counts, paths and degrees, for sets of operators. */
import type { ArchitectureGraph, GraphNode } from '../../space/architecture-graph.js';

/** Sets of operators that are looked at in each cell, complements aside: all of up to six operators, pairs of up to ten. */
const SETS = 64;

/** What a feature is divided by, and where it stands among all. */
interface Column {
  readonly place: number;
  /** Over the graphs that the features are made for. */
  readonly deviation: number;
}

/** What is known of the operators of one cell. */
interface CellOperators {
  readonly numbers: ReadonlyMap<string, number>;
  /** Each a row that says of every operator whether it is in the set. */
  readonly sets: readonly Uint8Array[];
}

/**
 * The features of Kadlecová et al. (Surprisingly Strong Performance Prediction with Neural Graph Features, ICML 2024), cell by
 * cell, for each of many sets of operators: how many operators are in the set, the shortest path from the inputs to the output
 * that avoids all others, the most of them on one path, how many of them read an input, and how many the output reads.
 *
 * Which operators there are, and how much each feature varies, is learnt from a sample of graphs: operators that are not in it are
 * in no set. Features are in units of their standard deviation; those that are always the same, or equal to others, are left out.
 */
export class GraphFeatures {
  /** By the name of the cell. */
  readonly #cells = new Map<string, CellOperators>();
  /** What stands for the length of the shortest path where there is none: more than any path has. */
  readonly #unreachable: number;
  readonly #columns: readonly Column[];

  /** @param sample graphs of the space, any of them */
  constructor(sample: readonly ArchitectureGraph[]) {
    const labels = new Map<string, Set<string>>();
    let longest = 0;
    for (const [cell, nodes] of sample.flatMap((graph) => [...cellsOf(graph)])) {
      const known = labels.get(cell) ?? new Set();
      labels.set(cell, known);
      for (const node of nodes.slice(0, -1)) if (isOperator(node)) known.add(node.label);
      longest = Math.max(longest, nodes.length);
    }
    for (const [cell, known] of labels) {
      const numbers = new Map([...known].sort().map((label, number) => [label, number]));
      this.#cells.set(cell, { numbers, sets: setsOf(numbers.size) });
    }
    this.#unreachable = longest;
    this.#columns = telling(sample.map((graph) => this.#allOf(graph)));
  }

  /** The features of a graph, always in the same order. */
  of(graph: ArchitectureGraph): Float64Array {
    const all = this.#allOf(graph);
    const features = new Float64Array(this.#columns.length);
    for (const [index, { place, deviation }] of this.#columns.entries())
      features[index] = (all[place] ?? 0) / deviation;
    return features;
  }

  #allOf(graph: ArchitectureGraph): number[] {
    const cells = cellsOf(graph);
    const features: number[] = [];
    for (const [cell, { numbers, sets }] of this.#cells) {
      const wiring = wiringOf(cells.get(cell) ?? [], numbers);
      for (const set of sets) this.#addOfSet(features, wiring, set);
    }
    return features;
  }

  /** In plain loops: a level of progressive search looks at forty thousand graphs, and at each with dozens of sets. */
  #addOfSet(features: number[], wiring: Wiring, set: Uint8Array): void {
    const { operators, inputs, ends, readsInput, shortest, longest } = wiring;
    const end = ends.length - 1;
    let [count, reading, read] = [0, 0, 0];
    for (let place = 0, edge = 0; place <= end; place++) {
      const own = memberOf(set, operators[place] as number);
      const last = ends[place] as number;
      const readsNothing = edge === last;
      // An output that reads nothing is not reached; what else reads nothing is an input, where paths begin.
      let least = readsNothing && place !== end ? 0 : this.#unreachable;
      let most = 0;
      for (; edge < last; edge++) {
        const input = inputs[edge] as number;
        least = Math.min(least, shortest[input] as number);
        most = Math.max(most, longest[input] as number);
        if (place === end) read += memberOf(set, operators[input] as number);
      }
      const passes = own === 1 || readsNothing || place === end;
      shortest[place] = passes ? Math.min(this.#unreachable, own + least) : this.#unreachable;
      longest[place] = own + most;
      count += own;
      if (readsInput[place] === 1) reading += own;
    }
    features.push(count, shortest[end] ?? this.#unreachable, longest[end] ?? 0, reading, read);
  }
}

/** A cell in flat arrays: what does not depend on the set that is looked at. */
interface Wiring {
  /** The number of each node's operator, -1 where it is in no set. */
  readonly operators: Int32Array;
  /** What the nodes read, one node after the other, and where the list of each node ends. */
  readonly inputs: Int32Array;
  readonly ends: Int32Array;
  /** 1 where a node reads an input of the cell. */
  readonly readsInput: Uint8Array;
  /** Of each node, members of a set on the shortest path to it that avoids all others, and the most of them on any path: filled set by set. */
  readonly shortest: Float64Array;
  readonly longest: Float64Array;
}

function wiringOf(nodes: readonly GraphNode[], numbers: ReadonlyMap<string, number>): Wiring {
  let end = 0;
  return {
    operators: Int32Array.from(nodes, ({ label }) => numbers.get(label) ?? -1),
    inputs: Int32Array.from(nodes.flatMap(({ inputs }) => inputs)),
    ends: Int32Array.from(nodes, ({ inputs }) => (end += inputs.length)),
    readsInput: Uint8Array.from(nodes, ({ inputs }) =>
      inputs.some((input) => nodes[input]?.inputs.length === 0) ? 1 : 0,
    ),
    shortest: new Float64Array(nodes.length),
    longest: new Float64Array(nodes.length),
  };
}

const memberOf = (set: Uint8Array, operator: number): number => (operator < 0 ? 0 : (set[operator] as number));

/** The columns in which rows differ, each once. */
function telling(rows: readonly (readonly number[])[]): Column[] {
  const columns = new Map<string, Column>();
  for (const place of (rows[0] ?? []).keys()) {
    const values = rows.map((row) => row[place] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const key = values.join();
    if (variance > 0 && !columns.has(key)) columns.set(key, { place, deviation: Math.sqrt(variance) });
  }
  return [...columns.values()];
}

/** Not an input: it reads something. */
const isOperator = ({ inputs }: GraphNode): boolean => inputs.length > 0;

/** The cells of a graph by their names, each ending with its output; the graph itself where it is of one cell. */
function cellsOf(graph: ArchitectureGraph): Map<string, readonly GraphNode[]> {
  const cells = new Map<string, { nodes: GraphNode[]; places: Map<number, number> }>();
  for (const [place, { cell, ...node }] of graph.entries()) {
    if (cell === undefined) continue;
    const known = cells.get(cell) ?? { nodes: [], places: new Map<number, number>() };
    cells.set(cell, known);
    known.places.set(place, known.nodes.length);
    known.nodes.push({ ...node, inputs: node.inputs.flatMap((input) => known.places.get(input) ?? []) });
  }
  if (cells.size === 0) return new Map([['', graph]]);
  return new Map([...cells].map(([cell, { nodes }]) => [cell, nodes]));
}

/** Sets of `count` operators, small ones first, and the complements of those: as many sizes as keep to the limit. */
function setsOf(count: number): Uint8Array[] {
  const sets = new Map<string, Uint8Array>();
  const add = (set: Uint8Array) => set.includes(1) && sets.set(set.join(''), set);
  let ofSize: readonly (readonly number[])[] = [[]];
  for (let size = 1, all = 0; size <= count; size++) {
    ofSize = ofSize.flatMap((set) =>
      Array.from({ length: count }, (_, operator) => operator)
        .filter((operator) => operator > (set.at(-1) ?? -1))
        .map((operator) => [...set, operator]),
    );
    all += ofSize.length;
    if (size > 1 && all > SETS) break;
    for (const set of ofSize) {
      add(Uint8Array.from({ length: count }, (_, operator) => (set.includes(operator) ? 1 : 0)));
      add(Uint8Array.from({ length: count }, (_, operator) => (set.includes(operator) ? 0 : 1)));
    }
  }
  return [...sets.values()];
}
