/** @file RegNet: designs become stages by the paper's rules, with either rounding. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectSameCostInOnnx } from '../../../test/onnx-cost.js';
import { imagenet } from './preset.js';
import { buildRegNet, publishedRegNets, regnets } from './regnet.js';
import { quantizedWidths, type RegNetDesign, type RegNetRounding, regnetStages } from './regnet-design.js';

const stagesOf = (name: string, rounding: RegNetRounding) => {
  const design = publishedRegNets.find((network) => network.name === name)?.design;
  if (design === undefined) throw new Error(`no RegNet ${name}`);
  return regnetStages(design, rounding);
};

test.each([
  // DEPTH, W0, WA, WM and GROUP_W of pycls's configs/dds_baselines.
  ['regnet_x_200mf', 13, 24, 36.44, 2.49, 8],
  ['regnet_x_400mf', 22, 24, 24.48, 2.54, 16],
  ['regnet_x_800mf', 16, 56, 35.73, 2.28, 16],
  ['regnet_x_1_6gf', 18, 80, 34.01, 2.25, 24],
  ['regnet_x_3_2gf', 25, 88, 26.31, 2.25, 48],
  ['regnet_y_200mf', 13, 24, 36.44, 2.49, 8],
  ['regnet_y_400mf', 16, 48, 27.89, 2.09, 8],
  ['regnet_y_800mf', 14, 56, 38.84, 2.4, 16],
  ['regnet_y_1_6gf', 27, 48, 20.71, 2.65, 24],
  ['regnet_y_3_2gf', 21, 80, 42.63, 2.66, 24],
])('%s has the numbers that were published', (name, depth, initialWidth, slope, multiplier, groupWidth) => {
  const published = publishedRegNets.find((network) => network.name === name);
  expect(published?.design).toEqual({ depth, initialWidth, slope, multiplier, groupWidth });
  expect(published?.squeezeExcite).toBe(name.startsWith('regnet_y'));
});

test.each([
  // What the paper prints of the models; a group is at most as wide as its stage.
  ['regnet_x_600mf', [48, 96, 240, 528], [1, 3, 5, 7], 24],
  ['regnet_x_4gf', [80, 240, 560, 1360], [2, 5, 14, 2], 40],
  ['regnet_x_6_4gf', [168, 392, 784, 1624], [2, 4, 10, 1], 56],
  ['regnet_x_8gf', [80, 240, 720, 1920], [2, 5, 15, 1], 120],
  ['regnet_x_12gf', [224, 448, 896, 2240], [2, 5, 11, 1], 112],
  ['regnet_x_16gf', [256, 512, 896, 2048], [2, 6, 13, 1], 128],
  ['regnet_x_32gf', [336, 672, 1344, 2520], [2, 7, 13, 1], 168],
  ['regnet_y_600mf', [48, 112, 256, 608], [1, 3, 7, 4], 16],
  ['regnet_y_4gf', [128, 192, 512, 1088], [2, 6, 12, 2], 64],
  ['regnet_y_6_4gf', [144, 288, 576, 1296], [2, 7, 14, 2], 72],
  ['regnet_y_8gf', [168, 448, 896, 2016], [2, 4, 10, 1], 56],
  ['regnet_y_12gf', [224, 448, 896, 2240], [2, 5, 11, 1], 112],
  ['regnet_y_16gf', [224, 448, 1232, 3024], [2, 4, 11, 1], 112],
  ['regnet_y_32gf', [232, 696, 1392, 3712], [2, 5, 12, 1], 232],
] as const)('%s has the stages of the paper', (name, widths, depths, groupWidth) => {
  expect(stagesOf(name, 'half-even')).toEqual(
    widths.map((width, stage) => ({
      depth: depths[stage],
      width,
      innerWidth: width,
      groupWidth: Math.min(groupWidth, width),
    })),
  );
});

describe('stages', () => {
  test.each([
    // What pycls makes of its configs/dds_baselines.
    ['regnet_x_200mf', [24, 56, 152, 368], [1, 1, 4, 7]],
    ['regnet_x_400mf', [32, 64, 160, 384], [1, 2, 7, 12]],
    ['regnet_x_800mf', [64, 128, 288, 672], [1, 3, 7, 5]],
    ['regnet_x_1_6gf', [72, 168, 408, 912], [2, 4, 10, 2]],
    ['regnet_x_3_2gf', [96, 192, 432, 1008], [2, 6, 15, 2]],
    ['regnet_y_400mf', [48, 104, 208, 440], [1, 3, 6, 6]],
    ['regnet_y_800mf', [64, 128, 320, 768], [1, 3, 8, 2]],
    ['regnet_y_1_6gf', [48, 120, 336, 888], [2, 6, 17, 2]],
    ['regnet_y_3_2gf', [72, 216, 576, 1512], [2, 5, 13, 1]],
  ])('%s has the widths and depths of the paper', (name, widths, depths) => {
    const stages = stagesOf(name, 'half-even');
    expect(stages.map(({ width }) => width)).toEqual(widths);
    expect(stages.map(({ depth }) => depth)).toEqual(depths);
  });

  test('torchvision rounds some otherwise', () => {
    const widths = (name: string, rounding: RegNetRounding) => stagesOf(name, rounding).map(({ width }) => width);
    expect(widths('regnet_x_400mf', 'make-divisible')).toEqual([32, 64, 160, 400]);
    expect(widths('regnet_y_800mf', 'make-divisible')).toEqual([64, 144, 320, 784]);
    const differing = publishedRegNets
      .map(({ name }) => name)
      .filter((name) => String(widths(name, 'half-even')) !== String(widths(name, 'make-divisible')));
    expect(differing).toEqual(['regnet_x_400mf', 'regnet_x_4gf', 'regnet_y_800mf', 'regnet_y_4gf', 'regnet_y_8gf']);
  });

  const designs: fc.Arbitrary<RegNetDesign> = fc.record({
    depth: fc.integer({ min: 1, max: 40 }),
    initialWidth: fc.integer({ min: 1, max: 32 }).map((n) => 8 * n),
    slope: fc.double({ min: 0, max: 256, noNaN: true }),
    multiplier: fc.double({ min: 1.5, max: 3, noNaN: true }),
    groupWidth: fc.integer({ min: 1, max: 32 }).map((n) => 8 * n),
    bottleneckRatio: fc.constantFrom(0.5, 1, 2, 4),
  });

  test.each(['half-even', 'make-divisible'] as const)('of any design have whole groups: %s', (rounding) => {
    fc.assert(
      fc.property(designs, (design) => {
        const widths = quantizedWidths(design);
        const stages = regnetStages(design, rounding);
        expect(stages.reduce((sum, { depth }) => sum + depth, 0)).toBe(design.depth);
        expect(stages.length).toBe(new Set(widths).size);
        for (const [index, width] of widths.entries()) {
          expect(width % 8).toBe(0);
          expect(width).toBeGreaterThanOrEqual(widths[index - 1] ?? design.initialWidth);
        }
        for (const { width, innerWidth, groupWidth } of stages) {
          expect(innerWidth % groupWidth).toBe(0);
          expect(width * (design.bottleneckRatio ?? 1)).toBe(innerWidth);
        }
      }),
      { seed: 1 },
    );
  });

  test.each([
    [{ initialWidth: 20 }, '20'],
    [{ slope: -1 }, '-1'],
    [{ multiplier: 1 }, 'and 1'],
  ])('%j is no design', (part, message) => {
    const design = { depth: 8, initialWidth: 24, slope: 10, multiplier: 2, ...part };
    expect(() => quantizedWidths(design)).toThrow(message);
  });
});

test.each([
  // timm's table of models, in millions with two decimals there; the other digits follow from the blocks.
  ['regnetx_002', 2_684_792],
  ['regnetx_004', 5_157_512],
  ['regnetx_006', 6_196_040],
  ['regnetx_008', 7_259_656],
  ['regnetx_016', 9_190_136],
  ['regnetx_032', 15_296_552],
  ['regnetx_040', 22_118_248],
  ['regnetx_064', 26_209_256],
  ['regnetx_120', 46_106_056],
  ['regnety_002', 3_162_996],
  ['regnety_006', 6_055_160],
  ['regnety_008', 6_263_168],
  ['regnety_040', 20_646_656],
  ['regnety_064', 30_583_252],
  ['regnety_080', 39_180_068],
  ['regnety_120', 51_822_544],
])('%s, with the rounding of the paper, has %i parameters', (name, params) => {
  expect(regnets[name]?.build(imagenet).cost().params).toBe(params);
});

test('every published network costs the MACs of its name, within a tenth', () => {
  for (const { timmName } of publishedRegNets) {
    const macs = regnets[timmName]?.build(imagenet).cost().macs ?? 0;
    expect(Math.abs(macs / (Number(timmName.slice(-3)) * 1e8) - 1)).toBeLessThan(0.1);
  }
});

test('a gated network of other classes, images and strides costs what its layers cost, as a file too', async () => {
  const network = buildRegNet({
    input: { channels: 1, height: 20, width: 20 },
    classes: 3,
    stages: [
      { depth: 1, width: 8, innerWidth: 8, groupWidth: 4 },
      { depth: 2, width: 16, innerWidth: 32, groupWidth: 8 },
    ],
    squeezeExcite: true,
    stemWidth: 12,
    strides: [1, 1, 2],
  });
  const block = (input: number, inner: number, group: number, out: number, projected: boolean) => {
    const squeeze = input / 4;
    const gate = 2 * inner * squeeze + squeeze + inner;
    const norms = 2 * (2 * inner + out);
    const shortcut = projected ? input * out + 2 * out : 0;
    return input * inner + 9 * inner * group + gate + inner * out + norms + shortcut;
  };
  const blocks = block(12, 8, 4, 8, true) + block(8, 32, 8, 16, true) + block(16, 32, 8, 16, false);
  expect(network.cost().params).toBe(9 * 12 + 24 + blocks + (16 * 3 + 3));
  expect(network.layers.filter(({ name }) => name.endsWith('conv2')).map(({ shape }) => shape[1])).toEqual([
    20, 10, 10,
  ]);
  await expectSameCostInOnnx(network);
});
