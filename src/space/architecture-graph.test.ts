/** @file Graphs of architectures: what their nodes are and read, and that isomorphic cells have isomorphic ones. */
import { describe, expect, it } from 'vitest';
import { WeisfeilerLehman } from '../../test/weisfeiler-lehman.js';
import { squaredDistanceFrom } from '../strategy/surrogate/sparse-vector.js';
import { withoutUnread } from './architecture-graph.js';
import { spaceNamed } from './registry.js';

const graphOf = (name: string, text: string) => {
  const space = spaceNamed(name);
  return space.graph?.(space.parse(text)) ?? [];
};

/** Each node in words: its label, and the places of those that it reads. */
const wordsOf = (name: string, text: string) =>
  graphOf(name, text).map(({ label, inputs }) => (inputs.length === 0 ? label : `${label} < ${inputs.join(' ')}`));

/** Deeper than any of the graphs below. */
const DEPTH = 12;

const distance = (name: string, first: string, second: string) => {
  const neighbourhoods = new WeisfeilerLehman(DEPTH);
  const [from, to] = [first, second].map((text) => neighbourhoods.featuresOf(graphOf(name, text)));
  if (from === undefined || to === undefined) throw new Error('two graphs');
  return squaredDistanceFrom(from)(to);
};

const motifs = (rest: string, cell: string) =>
  `${[3, 4, 5, 6].map((motif) => `o2_${motif}(1-4:identity)`).join('; ')}; ${rest}; o3_1(${cell})`;

const identities = ',identity@0+identity@0'.repeat(2);

const reduce =
  "reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('max_pool_3x3', 0), ('max_pool_3x3', 1), ('max_pool_3x3', 0), " +
  "('max_pool_3x3', 1), ('max_pool_3x3', 0), ('max_pool_3x3', 1)], reduce_concat=[2, 3, 4, 5]";

/** From edges such as `skip_connect@1`, two for each node of the normal cell. */
const genotype = (edges: string) =>
  `Genotype(normal=[${edges.replaceAll(/(\w+)@(\d)/g, "('$1', $2),")}], normal_concat=[2, 3, 4, 5], ${reduce})`;

describe('the graph of a cell', () => {
  it('has an operator for each edge, which reads what its source adds up', () => {
    const text = genotype(
      'sep_conv_3x3@0 skip_connect@1 dil_conv_3x3@2 avg_pool_3x3@0 ' +
        'sep_conv_5x5@0 sep_conv_5x5@1 sep_conv_5x5@0 sep_conv_5x5@1',
    );
    expect(wordsOf('darts', text).slice(0, 15)).toEqual([
      'normal input0',
      'normal input1',
      'normal sep_conv_3x3 < 0',
      'normal skip_connect < 1',
      'normal avg_pool_3x3 < 0',
      'normal dil_conv_3x3 < 2 3',
      'normal sep_conv_5x5 < 0',
      'normal sep_conv_5x5 < 1',
      'normal sep_conv_5x5 < 0',
      'normal sep_conv_5x5 < 1',
      'normal add < 2 3',
      'normal add < 4 5',
      'normal add < 6 7',
      'normal add < 8 9',
      'normal output < 10 11 12 13',
    ]);
    expect(wordsOf('darts', text).at(-1)).toBe('output < 14 29');
  });

  it('has nodes for concatenations, and leaves out an input that the output does not see', () => {
    const cell =
      'identity@0:max_pool_3x3@0,sep_conv_3x3@2+sep_conv_5x5@2,identity@3+identity@3,identity@4+identity@4,identity@5+identity@5';
    expect(wordsOf('nasnet', `${cell}/${cell}`).slice(0, 7)).toEqual([
      'normal input0',
      // Joined with the output, as no block takes it.
      'normal input1',
      'normal identity < 0',
      'normal max_pool_3x3 < 0',
      'normal concat < 2 3',
      'normal sep_conv_3x3 < 4',
      'normal sep_conv_5x5 < 4',
    ]);
    const words = wordsOf('pnas', cell.replace(':', '+'));
    expect(words.slice(0, 4)).toEqual([
      'cell input0',
      'cell identity < 0',
      'cell max_pool_3x3 < 0',
      'cell sep_conv_3x3 < 1 2',
    ]);
    expect(words).not.toContain('cell input1');
  });

  it('has motifs in place of their names', () => {
    const text = motifs('o2_1(1-2:conv_1x1, 2-4:identity, 1-4:max_pool_3x3); o2_2(1-4:identity)', '1-2:o2_1, 2-5:o2_1');
    expect(wordsOf('hierarchical', text)).toEqual([
      'input',
      ...['conv_1x1 < 0', 'max_pool_3x3 < 0', 'identity < 1', 'join < 2 3'],
      ...['conv_1x1 < 4', 'max_pool_3x3 < 4', 'identity < 5', 'join < 6 7'],
      'output < 8',
    ]);
  });

  it('has the splits and merges of a tree', () => {
    const branches = '[["split", "concat", [["avg_pool_3x3", null], ["identity", null]]]]';
    const text = `["none", "none", [["conv_3x3", ["copy", "add", [["conv_1x1", ${branches.slice(1, -1)}], ["identity", null]]]]]]`;
    expect(wordsOf('tree', text)).toEqual([
      'input',
      'conv_3x3 < 0',
      'conv_1x1 < 1',
      'split < 2',
      'avg_pool_3x3 < 3',
      'concat < 4 3',
      'add < 5 1',
      'output < 6',
    ]);
  });

  it('has the layers of a network without cells', () => {
    const convolutions = '3x3_36, 5x7_48<0, 1x1_24, 3x3_36<0+1, 3x3_36<3, 3x3_36<4';
    expect(wordsOf('zoph-cnn', convolutions)).toEqual([
      'image',
      ...['3x3_36 < 0', '5x7_48 < 1', '1x1_24 < 0', '3x3_36 < 1 2', '3x3_36 < 4', '3x3_36 < 5'],
      'classifier < 3 6',
    ]);
    const skips = Array.from({ length: 9 }, (_, index) => `0 ${'0 '.repeat(index + 3)}`).join('');
    expect(wordsOf('enas-macro', `0 3 1 2 0 1 ${skips}`).slice(0, 5)).toEqual([
      'stem',
      'conv_3x3 < 0',
      'sep_conv_5x5 < 1 0',
      'conv_5x5 < 2 1',
      'conv_3x3 < 3',
    ]);
  });

  it.each([
    [
      'darts',
      genotype(
        'sep_conv_3x3@0 skip_connect@1 max_pool_3x3@0 max_pool_3x3@1 ' +
          'dil_conv_3x3@0 skip_connect@2 dil_conv_5x5@2 dil_conv_5x5@3',
      ),
      genotype(
        'max_pool_3x3@1 max_pool_3x3@0 skip_connect@1 sep_conv_3x3@0 ' +
          'dil_conv_5x5@3 dil_conv_5x5@2 skip_connect@3 dil_conv_3x3@0',
      ),
      genotype(
        'max_pool_3x3@1 max_pool_3x3@0 skip_connect@1 sep_conv_3x3@0 ' +
          'dil_conv_5x5@3 dil_conv_5x5@2 skip_connect@2 dil_conv_3x3@0',
      ),
    ],
    [
      'pnas',
      `sep_conv_5x5@1+max_pool_3x3@1,sep_conv_7x7@0+max_pool_3x3@0,sep_conv_3x3@3+identity@0${identities}`,
      `max_pool_3x3@0+sep_conv_7x7@0,identity@0+sep_conv_3x3@2,max_pool_3x3@1+sep_conv_5x5@1${identities}`,
      `max_pool_3x3@0+sep_conv_7x7@0,identity@0+sep_conv_3x3@1,max_pool_3x3@1+sep_conv_5x5@1${identities}`,
    ],
    [
      'nas-bench-101',
      JSON.stringify([
        { operation: 'conv3x3-bn-relu', inputs: [0] },
        { operation: 'maxpool3x3', inputs: [0] },
        { operation: 'conv1x1-bn-relu', inputs: [1] },
        { operation: 'output', inputs: [2, 3] },
      ]),
      JSON.stringify([
        { operation: 'maxpool3x3', inputs: [0] },
        { operation: 'conv3x3-bn-relu', inputs: [0] },
        { operation: 'conv1x1-bn-relu', inputs: [2] },
        { operation: 'output', inputs: [1, 3] },
      ]),
      JSON.stringify([
        { operation: 'maxpool3x3', inputs: [0] },
        { operation: 'conv3x3-bn-relu', inputs: [0] },
        { operation: 'conv1x1-bn-relu', inputs: [1] },
        { operation: 'output', inputs: [2, 3] },
      ]),
    ],
    [
      'hierarchical',
      motifs('o2_1(1-2:conv_1x1, 2-4:max_pool_3x3); o2_2(1-4:identity)', '1-3:o2_1, 3-5:o2_2'),
      // Other numbers of motifs and nodes, and an edge that leads nowhere.
      motifs('o2_2(1-3:conv_1x1, 3-4:max_pool_3x3, 1-2:identity); o2_1(1-4:identity)', '1-2:o2_2, 2-5:o2_1'),
      motifs('o2_2(1-3:max_pool_3x3, 3-4:conv_1x1); o2_1(1-4:identity)', '1-2:o2_2, 2-5:o2_1'),
    ],
    [
      'tree',
      '["none", "none", [["conv_3x3", ["copy", "add", [["conv_1x1", null], ["max_pool_3x3", null]]]]]]',
      '["none", "none", [["conv_3x3", ["none", "none", [["identity", ["copy", "add", [["max_pool_3x3", null], ["conv_1x1", null]]]]]]]]]',
      '["none", "none", [["conv_3x3", ["split", "concat", [["conv_1x1", null], ["max_pool_3x3", null]]]]]]',
    ],
    [
      'zoph-cnn',
      '3x3_24, 5x5_36, 7x7_48<0, 1x1_24<1, 1x1_24<3, 1x1_24<4',
      '5x5_36, 3x3_24, 7x7_48<1, 1x1_24<0, 1x1_24<3, 1x1_24<4',
      '5x5_36, 3x3_24, 7x7_48<0, 1x1_24<1, 1x1_24<3, 1x1_24<4',
    ],
  ])('of %s is isomorphic where the cell is, and only there', (name, one, same, other) => {
    const space = spaceNamed(name);
    expect(space.canonical(space.parse(same))).toBe(space.canonical(space.parse(one)));
    expect(distance(name, one, same)).toBe(0);
    expect(distance(name, one, other)).toBeGreaterThan(0);
  });
});

it('nodes without influence on the last one are left out', () => {
  const graph = [
    { label: 'input', inputs: [] },
    { label: 'unread', inputs: [0] },
    { label: 'read', inputs: [0] },
    { label: 'output', inputs: [2, 0] },
  ];
  expect(withoutUnread(graph)).toEqual([
    { label: 'input', inputs: [] },
    { label: 'read', inputs: [0] },
    { label: 'output', inputs: [1, 0] },
  ]);
});
