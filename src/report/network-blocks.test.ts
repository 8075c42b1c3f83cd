/** @file Networks as blocks of boxes: nothing is lost, nothing is drawn twice. */
import { describe, expect, it } from 'vitest';
import { describeNetwork } from '../../test/report/sample-study.js';
import { activation, add, batchNorm, conv2d, globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { presets } from '../nn/presets/index.js';
import { spaceNamed } from '../space/registry.js';
import { operatorText } from './layer-text.js';
import { blocksOf, drawnLayers } from './network-blocks.js';

const target = { channels: 3, height: 32, width: 32, classes: 10 };

const cellNetwork = (text: string) => {
  const space = spaceNamed('nas-bench-201');
  return space.build(space.parse(text), target);
};

const dense = '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|avg_pool_3x3~0|skip_connect~1|nor_conv_1x1~2|';

const networks = new Map<string, Network>([
  ...Object.entries(presets).map(([name, preset]): [string, Network] => [name, preset.build(preset)]),
  ['nas-bench-201', cellNetwork(dense)],
]);

describe('blocksOf', () => {
  it.each([...networks])('covers every layer of %s once', (_, network) => {
    const blocks = blocksOf(describeNetwork(network));
    const layers = blocks.reduce(
      (n, block) => n + block.repeats * block.nodes.flatMap((node) => node.layers).length,
      0,
    );
    expect(layers).toBe(network.layers.length);
    const drawn = blocks.flatMap((block) => block.nodes.flatMap((node) => node.layers.map((layer) => layer.name)));
    expect(new Set(drawn).size).toBe(drawn.length);
    const { params, macs } = network.cost();
    expect(blocks.reduce((sum, block) => sum + block.repeats * block.params, 0)).toBe(params);
    expect(blocks.reduce((sum, block) => sum + block.repeats * block.macs, 0)).toBe(macs);
  });

  it.each([...networks])('puts only chains into the boxes of %s', (_, network) => {
    for (const block of blocksOf(describeNetwork(network))) {
      for (const { layers } of block.nodes) {
        for (const [index, layer] of layers.entries()) {
          if (index > 0) expect(layer.inputs).toEqual([layers[index - 1]?.name]);
        }
        const within = layers.slice(0, -1).map((layer) => layer.name);
        const users = network.layers.filter((user) => user.inputs.some((input) => within.includes(input.name)));
        expect(users).toHaveLength(layers.length - 1);
      }
    }
  });

  it('draws the equal cells of a stage once', () => {
    const blocks = blocksOf(describeNetwork(cellNetwork(dense)));
    expect(blocks.map(({ title, repeats }) => [title, repeats])).toEqual([
      ['stem', 1],
      ['cell0_0 to cell0_4', 5],
      ['reduction1', 1],
      ['cell1_0 to cell1_4', 5],
      ['reduction2', 1],
      ['cell2_0 to cell2_4', 5],
      ['head', 1],
    ]);
  });

  it('keeps pre-activation with its convolution, and does not mix scopes', () => {
    const [, cell] = blocksOf(describeNetwork(cellNetwork(dense)));
    const texts = cell?.nodes.map(({ layers }) => layers.map(operatorText).join(' '));
    expect(texts).toEqual([
      'relu conv 3×3 norm',
      'add',
      'relu conv 3×3 norm',
      'relu conv 3×3 norm',
      'add',
      'average pool 3×3',
      'identity',
      'relu conv 1×1 norm',
      'add',
    ]);
  });

  it('starts a box where the output of a layer is used twice', () => {
    const network = Network.build(target, (image) => {
      const x = conv2d(image, { out: 8, kernel: 3 });
      return linear(globalAvgPool(add([activation(x, 'relu'), x])), { out: 10 });
    });
    const [block] = blocksOf(describeNetwork(network));
    expect(block?.nodes.map(({ layers }) => layers.map(operatorText).join(' '))).toEqual([
      'conv 3×3',
      'relu',
      'add',
      'global average pool',
      'linear to 10',
    ]);
  });

  it('draws a chain without scopes as few blocks', () => {
    const network = Network.build(target, (image) => {
      const x = activation(batchNorm(conv2d(image, { out: 8, kernel: 3, stride: 2 })), 'relu');
      return linear(globalAvgPool(add([x, conv2d(x, { out: 8, kernel: [1, 3], groups: 2 })])), { out: 10 });
    });
    const blocks = blocksOf(describeNetwork(network));
    expect(blocks).toHaveLength(1);
    expect(blocks[0]?.inputs).toEqual([{ layer: 'image', shape: [3, 32, 32], fromBefore: false }]);
    expect(drawnLayers(describeNetwork(network)).map(operatorText)).toEqual([
      'conv 3×3, stride 2',
      'norm',
      'relu',
      'conv 1×3, 2 groups',
      'add',
      'global average pool',
      'linear to 10',
    ]);
  });
});
