/** @file The small networks that `nas bench training` times, beside the same ones in PyTorch. */
import { basicBlock, channelsOf, classifier, convNorm, invertedResidual } from '../blocks/index.js';
import type { ImageShape } from '../feature.js';
import { Network } from '../network.js';
import type { Preset, PresetTarget } from './preset.js';

/** A preset with the batch size that it is timed at. */
export interface BenchmarkNetwork extends Preset {
  readonly batch: number;
}

/** Stem 3×3 to 16, then two basic blocks each of 16, 32 and 64 channels; those of 32 and 64 start with stride 2. */
function buildResnet({ input, classes }: PresetTarget): Network {
  return Network.build(input, (image) => {
    let x = convNorm(image, { name: 'stem', out: 16, kernel: 3, activation: 'relu' });
    for (const out of [16, 32, 64]) {
      for (const index of [1, 2]) {
        x = basicBlock(x, { name: `width${out}.block${index}`, out, stride: index === 1 && out > 16 ? 2 : 1 });
      }
    }
    return classifier(x, classes);
  });
}

/** Stem 3×3 to 16, then two inverted residuals each of 24, 40 and 64 channels, expansion 3; those of 40 and 64 start with stride 2. */
function buildMobile({ input, classes }: PresetTarget): Network {
  return Network.build(input, (image) => {
    let x = convNorm(image, { name: 'stem', out: 16, kernel: 3, activation: 'relu' });
    for (const out of [24, 40, 64]) {
      for (const index of [1, 2]) {
        const stride = index === 1 && out > 24 ? 2 : 1;
        x = invertedResidual(x, {
          name: `width${out}.block${index}`,
          out,
          expanded: 3 * channelsOf(x),
          stride,
          activation: 'relu',
        });
      }
    }
    return classifier(x, classes);
  });
}

const square = (channels: number, side: number): ImageShape => ({ channels, height: side, width: side });

const resnet = (side: number): BenchmarkNetwork => ({
  title: `Six basic blocks, ${side}×${side}`,
  paper: 'a small network after He et al. 2016, for measuring training speed',
  input: square(3, side),
  classes: 10,
  batch: 64,
  build: buildResnet,
});

const mobile = (channels: number, side: number, batch: number): BenchmarkNetwork => ({
  title: `Six inverted residuals, ${side}×${side}${channels === 1 ? ' gray' : ''}`,
  paper: 'a small network after Sandler et al. 2018, for measuring training speed',
  input: square(channels, side),
  classes: 10,
  batch,
  build: buildMobile,
});

/** By name, in the order in which they are timed. */
export const benchmarkNetworks: Readonly<Record<string, BenchmarkNetwork>> = {
  'resnet-32': resnet(32),
  'resnet-16': resnet(16),
  'mobile-32': mobile(3, 32, 64),
  'mobile-16': mobile(3, 16, 64),
  'mobile-28-gray': mobile(1, 28, 128),
};
