/** @file Presets cost exactly what the published networks cost. */
import { describe, expect, test } from 'vitest';
import { Network } from '../network.js';
import { presets } from './index.js';
import { buildMobileNetV2 } from './mobilenet-v2.js';

/**
 * Parameters and multiply-accumulates at 224×224 with 1000 classes, as torchvision 0.14 has them; MobileNetV1 as its paper's
 * 4.2 M and 569 M; ShuffleNet V1 as pytorchcv counts it.
 */
const published: [name: string, params: number, macs: number | null][] = [
  ['resnet18', 11_689_512, 1_814_073_344],
  ['resnet50', 25_557_032, 4_089_184_256],
  ['resnext50_32x4d', 25_028_904, 4_230_479_872],
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
      width: 0.35,
      last: 448,
    });
    expect(network.cost()).toEqual({ params: 750_280, macs: 23_499_152, peakActivationBytes: 4 * 311_040 });
  });

  test('MobileNetV2 at 224 holds its widest depthwise convolution: 96 channels at 112 and at 56', () => {
    expect(built('mobilenet_v2').cost().peakActivationBytes).toBe(4 * (96 * 112 * 112 + 96 * 56 * 56));
  });
});
