/** @file SqueezeNet 1.0 and 1.1 (Iandola et al. 2016) as torchvision has them. */
import { type Feature, mapShape, scope } from '../feature.js';
import { activation, concat, conv2d, dropout, globalAvgPool, maxPool2d, pad2d } from '../layers/index.js';
import { Network } from '../network.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

export interface SqueezeNetSettings extends PresetTarget {
  readonly stem: { readonly out: number; readonly kernel: number };
  /** Fire modules of each stage; a max pool 3×3/2 goes before. */
  readonly depths: readonly number[];
  /** Channels that the first modules give: base_e of section 5.1. Default 128. */
  readonly width?: number;
  /** Channels added after every second module: incr_e of section 5.1. Default 128. */
  readonly increment?: number;
  /** Squeezed channels for each given one: SR of section 5.1. Default 0.125. */
  readonly squeezeRatio?: number;
}

/** Stem with stride 2, fire modules that grow wider, and a convolution to the classes before the channel means. */
export function buildSqueezeNet({
  input,
  classes,
  stem,
  depths,
  width = 128,
  increment = 128,
  squeezeRatio = 0.125,
}: SqueezeNetSettings): Network {
  return Network.build(input, (image) => {
    let x = scope(image, 'stem', (pixels) =>
      activation(conv2d(pixels, { ...stem, stride: 2, padding: 0, bias: true }), 'relu'),
    );
    let modules = 0;
    for (const depth of depths) {
      x = poolWithinOrOver(x);
      for (let index = 0; index < depth; index++) {
        const out = width + increment * Math.floor(modules / 2);
        const squeeze = Math.max(1, Math.floor(out * squeezeRatio));
        modules++;
        x = scope(x, `fire${modules + 1}`, (inner) => fire(inner, squeeze, out));
      }
    }
    return scope(x, 'head', (features) => {
      const maps = conv2d(dropout(features, 0.5), { name: 'classifier', out: classes, kernel: 1, bias: true });
      return globalAvgPool(activation(maps, 'relu'));
    });
  });
}

/** 1×1 to few channels, then half of the output by 1×1 and half by 3×3 convolutions, all with biases and ReLU. */
function fire(x: Feature, squeeze: number, out: number): Feature {
  const layer = (input: Feature, name: string, channels: number, kernel: number) =>
    activation(conv2d(input, { name, out: channels, kernel, bias: true }), 'relu');
  const squeezed = layer(x, 'squeeze', squeeze, 1);
  const single = layer(squeezed, 'expand1x1', out / 2, 1);
  return concat([single, layer(squeezed, 'expand3x3', out / 2, 3)]);
}

/**
 * Max pool 3×3/2 whose last windows may reach over the map's end, as in Caffe (`ceil_mode` in PyTorch). The zeros that
 * they find there change nothing, since no element after ReLU is below zero.
 */
function poolWithinOrOver(x: Feature): Feature {
  const [, height, width] = mapShape(x);
  const over = (size: number) => (size < 3 ? 3 - size : (size - 3) % 2);
  const padded = over(height) + over(width) > 0 ? pad2d(x, { bottom: over(height), right: over(width) }) : x;
  return maxPool2d(padded, { kernel: 3, stride: 2 });
}

const preset = (version: string, settings: Pick<SqueezeNetSettings, 'stem' | 'depths'>): Preset => ({
  ...imagenet,
  title: `SqueezeNet ${version}`,
  paper:
    'Iandola, Han, Moskewicz, Ashraf, Dally and Keutzer 2016: ' +
    'SqueezeNet: AlexNet-Level Accuracy with 50x Fewer Parameters and <0.5MB Model Size',
  build: (target) => buildSqueezeNet({ ...target, ...settings }),
});

/** By their names in torchvision. */
export const squeezenets = {
  squeezenet1_0: preset('1.0', { stem: { out: 96, kernel: 7 }, depths: [3, 4, 1] }),
  squeezenet1_1: preset('1.1', { stem: { out: 64, kernel: 3 }, depths: [2, 2, 4] }),
} satisfies Record<string, Preset>;
