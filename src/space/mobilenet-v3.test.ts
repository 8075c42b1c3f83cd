/** @file The space around MobileNetV3: its size, its notation, the published tables. */
import { describe, expect, it } from 'vitest';
import { MOBILENET_V3_SMALL } from '../nn/presets/mobilenet-v3.js';
import { relax } from './decisions/relax.js';
import { mobilenetV3 } from './mobilenet-v3.js';

const imagenet = { channels: 3, height: 224, width: 224, classes: 1000 };
const fashion = { channels: 1, height: 28, width: 28, classes: 10 };
const space = mobilenetV3();

const large =
  'k3_o24_relu_x64-72,k5_o40_se_relu_x72-120-120,k3_o80_hard-swish_x240-200-184-184,' +
  'k3_o112_se_hard-swish_x480-672,k5_o160_se_hard-swish_x672-960-960';

describe('mobilenet-v3', () => {
  it('has the size of its decisions', () => {
    const stage = (rows: bigint) => 2n * 2n * 2n * 3n * (4n ** (rows - 1n) + 4n ** rows + 4n ** (rows + 1n));
    expect(space.decisions.size()).toBe(stage(2n) * stage(3n) * stage(4n) * stage(2n) * stage(3n));
    const small = mobilenetV3({ table: MOBILENET_V3_SMALL });
    expect(small.decisions.size()).toBe(stage(2n) * stage(3n) * stage(2n) * stage(3n));
  });

  it('has MobileNetV3-Large in its middle', () => {
    const architecture = space.parse('MobileNetV3-Large');
    expect(space.format(architecture)).toBe(large);
    expect(space.parse(large)).toEqual(architecture);
    expect(space.build(architecture, imagenet).cost()).toMatchObject({ params: 5_483_032, macs: 216_589_760 });
  });

  it('searches around MobileNetV3-Small as well', () => {
    const small = mobilenetV3({ table: MOBILENET_V3_SMALL });
    const architecture = small.parse('MobileNetV3-Small');
    expect(small.format(architecture)).toBe(
      'k3_o24_relu_x72-88,k5_o40_se_hard-swish_x96-240-240,k5_o48_se_hard-swish_x120-144,' +
        'k5_o96_se_hard-swish_x288-576-576',
    );
    expect(small.build(architecture, imagenet).cost()).toMatchObject({ params: 2_542_856, macs: 56_510_400 });
  });

  it('adds a block with the options of the last row', () => {
    const longer = space.parse(large.replace('x64-72', 'x64-72-88'));
    const [before, after] = [space.parse(large), longer].map((one) => space.build(one, imagenet).cost().params);
    const block = 24 * 88 + 2 * 88 + 9 * 88 + 2 * 88 + 88 * 24 + 2 * 24;
    expect((after ?? 0) - (before ?? 0)).toBe(block);
  });

  it('takes a multiplier of all channels', () => {
    const narrow = mobilenetV3({ widthMultiplier: 0.5 });
    const { params, macs } = narrow.build(narrow.parse(large), imagenet).cost();
    expect(params).toBeLessThan(5_483_032 / 2);
    expect(macs).toBeLessThan(216_589_760 / 2);
    const { layers } = narrow.build(narrow.parse(large), imagenet);
    expect(layers.find(({ name }) => name === 'last')?.shape[0]).toBe(480);
  });

  it('says what is wrong with its notation', () => {
    expect(() => space.parse(large.replace('k3_o24', 'k3_o28'))).toThrow(
      'architecture[0].width is 28; allowed: 16, 24, 32.',
    );
    expect(() => space.parse(large.replace('x64-72', 'x64'))).not.toThrow();
    expect(() => space.parse(large.replace('x64-72', 'x64-72-72-72'))).toThrow(
      'architecture[0].expanded has 4 items; allowed: 1 to 3 items.',
    );
    expect(() => space.parse(large.replace('_x64-72', ''))).toThrow('"k3_o24_relu" is no stage');
  });

  it('leaves out the first strides for small images', () => {
    const { layers } = space.build(space.parse(large), fashion);
    const ends = ['first', ...[1, 2, 3, 4, 5].map((stage) => `stage${stage}.`)].map((name) =>
      layers.findLast((layer) => layer.name.startsWith(name)),
    );
    expect(ends.map((layer) => layer?.shape[1])).toEqual([28, 28, 14, 7, 7, 4]);
  });

  it('opens the kernel and activation of each stage in its supernet', () => {
    const network = space.build(relax(space.decisions), { ...fashion, widthMultiplier: 0.1 });
    expect(network.architectureParameters.map(({ name }) => name).sort()).toEqual(
      [0, 1, 2, 3, 4].flatMap((stage) => ['activation', 'kernel'].map((name) => `architecture[${stage}].${name}`)),
    );
  });
});
