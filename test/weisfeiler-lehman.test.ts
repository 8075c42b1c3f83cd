/** @file Features of graphs: equal for isomorphic ones, and counts of what stands next to what. */
import { describe, expect, it } from 'vitest';
import { nasBench201 } from '../src/space/nas-bench-201.js';
import { squaredDistanceFrom } from '../src/strategy/surrogate/sparse-vector.js';
import { WeisfeilerLehman } from './weisfeiler-lehman.js';

const space = nasBench201();
const graphOf = (text: string) => space.graph?.(space.parse(text)) ?? [];

describe('neighbourhoods in graphs', () => {
  it('are alike in isomorphic cells of NAS-Bench-201', () => {
    const features = new WeisfeilerLehman(3);
    // One 3x3 convolution, then a pooling, by way of node 1 or of node 2.
    const first = features.featuresOf(graphOf('|nor_conv_3x3~0|+|none~0|none~1|+|none~0|avg_pool_3x3~1|none~2|'));
    const second = features.featuresOf(graphOf('|none~0|+|nor_conv_3x3~0|none~1|+|none~0|none~1|avg_pool_3x3~2|'));
    const swapped = features.featuresOf(graphOf('|avg_pool_3x3~0|+|none~0|none~1|+|none~0|nor_conv_3x3~1|none~2|'));
    expect(squaredDistanceFrom(first)(second)).toBe(0);
    expect(squaredDistanceFrom(first)(swapped)).toBeGreaterThan(0);
  });

  it('leave out what has no influence', () => {
    const dead = graphOf('|nor_conv_3x3~0|+|nor_conv_1x1~0|none~1|+|none~0|skip_connect~1|none~2|');
    expect(dead.map(({ label }) => label)).toEqual(['input', 'nor_conv_3x3', 'skip_connect', 'output']);
  });

  it('are counted: each node by itself, then with what it reads', () => {
    const { values } = new WeisfeilerLehman(1).featuresOf([
      { label: 'input', inputs: [] },
      { label: 'conv', inputs: [0] },
      { label: 'conv', inputs: [0] },
      { label: 'output', inputs: [1, 2] },
    ]);
    // input, conv, output; input(), conv(input) twice, output(conv, conv).
    expect([...values]).toEqual([1, 2, 1, 1, 2, 1]);
  });
});

it('the distance of sparse vectors is that of full ones', () => {
  const graphs = ['|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|avg_pool_3x3~1|none~2|', 'resnet'].map(graphOf);
  const features = new WeisfeilerLehman(1);
  const [first, second] = graphs.map((graph) => features.featuresOf(graph));
  if (first === undefined || second === undefined) throw new Error('two graphs');
  const full = (vector: typeof first) =>
    Array.from({ length: 50 }, (_, index) => vector.values[vector.indices.indexOf(index)] ?? 0);
  const expected = full(first).reduce((sum, value, index) => sum + (value - (full(second)[index] ?? 0)) ** 2, 0);
  expect(squaredDistanceFrom(first)(second)).toBeCloseTo(expected, 12);
});
