/** @file Canonical graphs: equal exactly for isomorphic ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.js';
import { canonicalGraph, type LabelledEdge } from './canonical-graph.js';

type Nodes = readonly (readonly LabelledEdge[])[];

/** Every node takes some of the earlier ones. */
function graphOf(random: Random, inputs: number, count: number): Nodes {
  return Array.from({ length: count }, (_, index) =>
    Array.from({ length: inputs + index }, (_, from) => ({ from, label: random.pick(['a', 'b']) })).filter(
      () => random.integer(2) === 0,
    ),
  );
}

/** The same graph with its nodes in another order in which each comes behind those that it takes. */
function reordered(nodes: Nodes, inputs: number, random: Random): Nodes {
  const order: number[] = [];
  while (order.length < nodes.length) {
    const ready = [...nodes.keys()].filter(
      (node) =>
        !order.includes(node) &&
        (nodes[node] ?? []).every(({ from }) => from < inputs || order.includes(from - inputs)),
    );
    order.push(random.pick(ready));
  }
  return order.map((node) =>
    random
      .shuffle(nodes[node] ?? [])
      .map(({ from, label }) => ({ label, from: from < inputs ? from : inputs + order.indexOf(from - inputs) })),
  );
}

describe('canonicalGraph', () => {
  it('does not depend on the order of nodes and edges', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        (seed, inputs, count) => {
          const random = new Random(seed);
          const nodes = graphOf(random, inputs, count);
          expect(canonicalGraph(inputs, reordered(nodes, inputs, random))).toBe(canonicalGraph(inputs, nodes));
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it('tells apart what is not isomorphic: 15 graphs of one input and two nodes, written in 16 ways', () => {
    // Both nodes may take the input or not, by label a or not; the second may take the first.
    const forms = new Set<string>();
    let all = 0;
    for (const first of [undefined, 'a'])
      for (const second of [undefined, 'a'])
        for (const between of [undefined, 'a', 'b', 'c']) {
          all++;
          const edge = (from: number, label: string | undefined) => (label === undefined ? [] : [{ from, label }]);
          forms.add(canonicalGraph(1, [edge(0, first), [...edge(0, second), ...edge(1, between)]]));
        }
    // Only where no edge lies between them do the nodes change places: {input, none} equals {none, input}.
    expect(all).toBe(16);
    expect(forms.size).toBe(15);
  });

  it('tells which input an edge takes', () => {
    expect(canonicalGraph(2, [[{ from: 0, label: 'a' }]])).not.toBe(canonicalGraph(2, [[{ from: 1, label: 'a' }]]));
  });
});
