/** @file Features of operator graphs: what they count on graphs that can be counted by hand. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.js';
import { type ArchitectureGraph, graphOfCells } from '../../space/architecture-graph.js';
import { spaceNamed } from '../../space/registry.js';
import { GraphFeatures } from './graph-features.js';

const only = (label: string): ArchitectureGraph => [
  { label: 'input', inputs: [] },
  { label, inputs: [0] },
  { label: 'output', inputs: [1] },
];

/** A chain of a and b beside another a. */
const both: ArchitectureGraph = [
  { label: 'input', inputs: [] },
  { label: 'a', inputs: [0] },
  { label: 'b', inputs: [1] },
  { label: 'a', inputs: [0] },
  { label: 'output', inputs: [2, 3] },
];

const nothing: ArchitectureGraph = [{ label: 'output', inputs: [] }];

/** Each feature over the graphs, in units of its largest value. */
function columnsOf(graphs: readonly ArchitectureGraph[]): number[][] {
  const features = new GraphFeatures(graphs);
  const rows = graphs.map((graph) => features.of(graph));
  return Array.from(rows[0] ?? [], (_, column) => rows.map((row) => row[column] ?? 0)).map(scaled);
}

const scaled = (values: readonly number[]): number[] => values.map((value) => value / Math.max(...values));

/** The length that stands for no path: more than any of the graphs has. */
const NONE = 5;

describe('features of graphs', () => {
  it('count operators, paths and degrees for each set of operators, and leave out what tells nothing more', () => {
    const counted = [
      // Of {a}: how many; the shortest path without others; the most on one path.
      [2, 1, 0, 0],
      [1, 1, NONE, NONE],
      [1, 1, 0, 0],
      // Of {b}: how many; the shortest path without others; how many read the input.
      [1, 0, 1, 0],
      [NONE, NONE, 1, NONE],
      [0, 0, 1, 0],
      // Of both.
      [3, 1, 1, 0],
      [1, 1, 1, NONE],
      [2, 1, 1, 0],
    ].map(scaled);
    const columns = columnsOf([both, only('a'), only('b'), nothing]);
    expect(columns).toEqual(counted.map((column) => column.map((value) => expect.closeTo(value, 12))));
  });

  it('have a standard deviation of one over the graphs that they are made for', () => {
    const graphs = [both, only('a'), only('b'), nothing];
    const features = new GraphFeatures(graphs);
    const rows = graphs.map((graph) => features.of(graph));
    for (const column of (rows[0] ?? []).keys()) {
      const values = rows.map((row) => row[column] ?? 0);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length).toBeCloseTo(1, 9);
    }
  });

  it('tell in which cell something is', () => {
    const cells = (normal: string, reduce: string) => graphOfCells({ normal: only(normal), reduce: only(reduce) });
    const graphs = [cells('a', 'b'), cells('b', 'a'), cells('a', 'a')];
    const features = new GraphFeatures(graphs);
    const [first, second, third] = graphs.map((graph) => features.of(graph).join());
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it('are the same for isomorphic cells, and count an operator that the sample lacks in no set', () => {
    const space = spaceNamed('nas-bench-201');
    const random = new Random(1);
    const graphOf = (text: string) => space.graph?.(space.parse(text)) ?? [];
    const sample = Array.from({ length: 50 }, () => space.graph?.(space.decisions.sample(random)) ?? []);
    const features = new GraphFeatures(sample);
    const first = graphOf('|nor_conv_3x3~0|+|skip_connect~0|none~1|+|none~0|nor_conv_1x1~1|avg_pool_3x3~2|');
    const second = graphOf('|skip_connect~0|+|nor_conv_3x3~0|none~1|+|none~0|avg_pool_3x3~1|nor_conv_1x1~2|');
    expect(features.of(first)).toEqual(features.of(second));
    const withOther = first.map((node) => (node.label === 'nor_conv_1x1' ? { ...node, label: 'other' } : node));
    expect(new GraphFeatures([both, only('a')]).of(only('other'))).toEqual(
      new GraphFeatures([both, only('a')]).of(nothing),
    );
    expect(features.of(withOther).every(Number.isFinite)).toBe(true);
  });
});
