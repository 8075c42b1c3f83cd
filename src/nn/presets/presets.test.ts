/** @file Presets cost exactly what the published networks cost. */
import { describe, expect, test } from 'vitest';
import { Network } from '../network.js';
import { presets } from './index.js';
import { buildMobileNetV2 } from './mobilenet-v2.js';

/**
 * Parameters and multiply-accumulates at 224×224 with 1000 classes, as torchvision 0.14 has them; MobileNetV1 as its paper's
 * 4.2 M and 569 M; ShuffleNet V1 as pytorchcv counts it; EfficientNet at each one's own resolution.
 */
const published: [name: string, params: number, macs: number | null][] = [
  ['resnet18', 11_689_512, 1_814_073_344],
  ['resnet50', 25_557_032, 4_089_184_256],
  ['resnext50_32x4d', 25_028_904, 4_230_479_872],
  ['vgg16_bn', 138_365_992, 15_470_264_320],
  ['squeezenet1_1', 1_235_496, 349_151_936],
  ['mobilenet_v1', 4_231_976, 568_740_352],
  ['mobilenet_v2', 3_504_872, 300_774_272],
  ['mobilenet_v3_large', 5_483_032, 216_589_760],
  ['mobilenet_v3_small', 2_542_856, 56_510_400],
  ['shufflenet_v1_g1', 1_531_936, null],
  ['shufflenet_v1_g2', 1_733_848, null],
  ['shufflenet_v1_g3', 1_865_728, 137_460_672],
  ['shufflenet_v1_g4', 1_968_344, null],
  ['shufflenet_v1_g8', 2_434_768, null],
  ['shufflenet_v2_x0_5', 1_366_792, null],
  ['shufflenet_v2_x1_0', 2_278_604, 144_907_992],
  ['efficientnet_b0', 5_288_548, 385_814_752],
  ['efficientnet_b1', 7_794_184, 686_802_832],
  ['efficientnet_b2', 9_109_994, 993_561_872],
  ['efficientnet_b3', 12_233_232, 1_827_141_392],
  ['efficientnet_b4', 19_341_616, 4_393_771_024],
  ['efficientnet_b5', 30_389_784, 10_266_384_752],
  ['efficientnet_b6', 43_040_704, 19_067_593_536],
  ['efficientnet_b7', 66_347_960, 37_745_884_192],
  ['regnet_x_400mf', 5_495_976, 413_812_608],
  ['regnet_x_800mf', 7_259_656, 799_699_712],
  ['regnet_y_400mf', 4_344_144, 401_842_848],
];

/** Parameters, and MACs in units of 10⁹, as the table of torchvision's models prints them. */
const tabulated: [name: string, params: number, gigaMacs: number][] = [
  ['alexnet', 61_100_840, 0.714],
  ['vgg11', 132_863_336, 7.609],
  ['vgg11_bn', 132_868_840, 7.609],
  ['vgg13', 133_047_848, 11.308],
  ['vgg13_bn', 133_053_736, 11.308],
  ['vgg16', 138_357_544, 15.47],
  ['vgg19', 143_667_240, 19.632],
  ['vgg19_bn', 143_678_248, 19.632],
  ['resnet34', 21_797_672, 3.664],
  ['resnet101', 44_549_160, 7.801],
  ['resnet152', 60_192_808, 11.514],
  ['wide_resnet50_2', 68_883_240, 11.398],
  ['wide_resnet101_2', 126_886_696, 22.753],
  ['resnext101_32x8d', 88_791_336, 16.414],
  ['resnext101_64x4d', 83_455_272, 15.46],
  ['densenet121', 7_978_856, 2.834],
  ['densenet161', 28_681_000, 7.728],
  ['densenet169', 14_149_480, 3.36],
  ['densenet201', 20_013_928, 4.291],
  ['squeezenet1_0', 1_248_424, 0.819],
  ['shufflenet_v2_x1_5', 3_503_624, 0.296],
  ['shufflenet_v2_x2_0', 7_393_996, 0.583],
  ['regnet_x_1_6gf', 9_190_136, 1.603],
  ['regnet_x_3_2gf', 15_296_552, 3.177],
  ['regnet_x_8gf', 39_572_648, 7.995],
  ['regnet_x_16gf', 54_278_536, 15.941],
  ['regnet_x_32gf', 107_811_560, 31.736],
  ['regnet_y_800mf', 6_432_512, 0.834],
  ['regnet_y_1_6gf', 11_202_430, 1.612],
  ['regnet_y_3_2gf', 19_436_338, 3.176],
  ['regnet_y_8gf', 39_381_472, 8.473],
  ['regnet_y_16gf', 83_590_140, 15.912],
  ['regnet_y_32gf', 145_046_770, 32.28],
];

const built = (name: string): Network => {
  const preset = presets[name];
  if (preset === undefined) throw new Error(`no preset ${name}`);
  return preset.build(preset);
};

describe('presets', () => {
  test.each(published)('%s has the published parameters and multiply-accumulates', (name, params, macs) => {
    const cost = built(name).cost();
    expect(cost.params).toBe(params);
    if (macs !== null) expect(cost.macs).toBe(macs);
  });

  test.each(tabulated)('%s has the tabulated parameters and multiply-accumulates', (name, params, gigaMacs) => {
    const cost = built(name).cost();
    expect(cost.params).toBe(params);
    expect((cost.macs / 1e9).toFixed(3)).toBe(gigaMacs.toFixed(3));
  });

  test.each([
    // Summed by hand from the layers of the same networks in PyTorch.
    ['resnet-32', 175_258],
    ['resnet-16', 175_258],
    ['mobile-32', 66_378],
    ['mobile-16', 66_378],
    ['mobile-28-gray', 66_090],
  ])('%s of the training benchmark has %i parameters', (name, params) => {
    expect(built(name).cost().params).toBe(params);
  });

  test.each(Object.keys(presets))('%s keeps its cost through JSON', (name) => {
    const network = built(name);
    expect(Network.fromJson(JSON.parse(JSON.stringify(network.toJson()))).cost()).toEqual(network.cost());
  });

  test('MobileNetV2 0.35 at 144 costs what MCUNet reports: 0.75 M parameters, 23.5 M MACs, 308 kB of int8 activations', () => {
    const network = buildMobileNetV2({
      input: { channels: 3, height: 144, width: 144 },
      classes: 1000,
      widthMultiplier: 0.35,
      last: 448,
    });
    expect(network.cost()).toEqual({ params: 750_280, macs: 23_499_152, peakActivationBytes: 4 * 311_040 });
  });

  test('MobileNetV2 at 224 holds its widest depthwise convolution: 96 channels at 112 and at 56', () => {
    expect(built('mobilenet_v2').cost().peakActivationBytes).toBe(4 * (96 * 112 * 112 + 96 * 56 * 56));
  });
});
