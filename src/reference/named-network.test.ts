import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseImageShape } from './image-shape.js';
import { networkOf } from './named-network.js';

const folder = mkdtempSync(join(tmpdir(), 'nas-target-'));
const fileOf = (content: unknown): string => {
  const file = join(folder, 'target.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('a target', () => {
  it('is a preset as it was published, or for other images and classes', async () => {
    // Parameters as torchvision counts them.
    expect((await networkOf('resnet18')).network.cost().params).toBe(11_689_512);
    const { network } = await networkOf('resnet18', { input: { channels: 3, height: 64, width: 64 }, classes: 10 });
    expect(network.input).toEqual({ channels: 3, height: 64, width: 64 });
    expect(network.cost().params).toBe(11_689_512 - 990 * 513);
  });

  it('is an architecture that a paper prints, by its name', async () => {
    const published = await networkOf('nas-bench-201:resnet');
    const direct = await networkOf(
      'nas-bench-201:|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|skip_connect~2|',
    );
    expect(published.genotype).toEqual(direct.genotype);
    await expect(networkOf('nas-bench-201:resnets')).rejects.toThrow(
      'There is no published architecture "resnets" of the space "nas-bench-201" (did you mean resnet?).',
    );
  });

  it('is a network of a cell space that has a name of its own', async () => {
    // As Keras counts NASNetMobile, without the statistics of its batch norms.
    expect((await networkOf('nasnet_a_mobile')).network.cost().params).toBe(5_289_978);
  });

  it('is a file of a genotype, in JSON or in the notation of its space', async () => {
    const architecture = [['skip_connect'], ['none', 'none'], ['none', 'none', 'skip_connect']];
    const notation = '|skip_connect~0|+|none~0|none~1|+|none~0|none~1|skip_connect~2|';
    const direct = await networkOf(`nas-bench-201:${notation}`);
    expect(direct.genotype).toEqual({ space: 'nas-bench-201', architecture });
    for (const written of [architecture, notation]) {
      const { network } = await networkOf(fileOf({ space: 'nas-bench-201', architecture: written }));
      expect(network.toJson()).toEqual(direct.network.toJson());
    }
  });

  it('is a file of a genotype whose notation is JSON itself', async () => {
    const notation = {
      matrix: [
        [0, 1, 0],
        [0, 0, 1],
        [0, 0, 0],
      ],
      ops: ['input', 'maxpool3x3', 'output'],
    };
    const direct = await networkOf(`nas-bench-101:${JSON.stringify(notation)}`);
    const written = await networkOf(fileOf({ space: 'nas-bench-101', architecture: notation }));
    expect(written.network.toJson()).toEqual(direct.network.toJson());
  });

  it('is a file of a whole network, which is for its own images only', async () => {
    const { network } = await networkOf('mobile-16');
    const file = fileOf(network.toJson());
    expect((await networkOf(file)).network.cost()).toEqual(network.cost());
    const same = { input: network.input, classes: 10 };
    expect((await networkOf(file, same)).network.cost()).toEqual(network.cost());
    await expect(networkOf(file, { classes: 5 })).rejects.toThrow(
      /for 3×16×16 images and 10 classes, not for .* and 5:/,
    );
    const other = { ...same, input: { channels: 3, height: 20, width: 20 } };
    await expect(networkOf(file, other)).rejects.toThrow(/, not for 3×20×20 and 10:/);
    expect((await networkOf(file, { ...other, anySize: true })).network.input).toEqual(network.input);
    const grey = { ...other, input: { channels: 1, height: 20, width: 20 }, anySize: true };
    await expect(networkOf(file, grey)).rejects.toThrow(/, not for 1×20×20 and 10:/);
  });

  it('is a file that may begin with a byte order mark', async () => {
    const { network } = await networkOf(fileOf('\uFEFF{"space": "darts", "architecture": "DARTS_V2"}'));
    expect(network.toJson()).toEqual((await networkOf('darts:DARTS_V2')).network.toJson());
  });

  it.each([
    ['resnet_18', /^There is no architecture "resnet_18" \(did you mean resnet18\?\): give a preset \(/],
    ['dart:DARTS_V2', /\(did you mean darts:\?\)/],
    ['darts', /^"darts" is a search space: name one of its architectures, as darts:GENOTYPE/],
    [`tree:${'['.repeat(3000)}`, /nested at most 200 levels deep/],
  ])('%s names none', async (target, sentence) => {
    await expect(networkOf(target)).rejects.toThrow(sentence);
  });

  it.each([
    ['{', /is not JSON/],
    [[1, 2], /holds no architecture/],
    [{ space: 'mobile' }, /holds no architecture/],
    [{ space: 'mobil', architecture: {} }, /There is no search space "mobil"/],
    [{ space: 'mobile', architecture: { resolution: 2 } }, /^In the file .*target\.json: architecture\.resolution/],
    [{ version: 1, layers: [] }, /^In the file .*target\.json: Not a network: input/],
    ['['.repeat(3000) + ']'.repeat(3000), /nested at most 200 levels deep/],
    [{ space: 'tree', architecture: '['.repeat(3000) + ']'.repeat(3000) }, /nested at most 200 levels deep/],
  ])('that holds %j is refused', async (content, sentence) => {
    await expect(networkOf(fileOf(content))).rejects.toThrow(sentence);
  });
});

describe('image shapes', () => {
  it('are channels, height and width', () => {
    expect(parseImageShape('3x32x24')).toEqual({ channels: 3, height: 32, width: 24 });
    expect(parseImageShape('1X8X8')).toEqual({ channels: 1, height: 8, width: 8 });
    for (const text of ['3x32', '0x8x8', '3x-1x8', '3x8x8x8', '3x8.5x8', '', 'x', '1x5000x1', '3,8,8']) {
      expect([text, parseImageShape(text)]).toEqual([text, undefined]);
    }
  });
});
