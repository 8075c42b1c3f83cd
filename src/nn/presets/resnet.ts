/** @file ResNet (He et al. 2016), wide ResNet (Zagoruyko and Komodakis 2016) and ResNeXt (Xie et al. 2017) as torchvision has them. */
import { basicBlock, bottleneck, classifier, convNorm } from '../blocks/index.js';
import { type Feature, scope } from '../feature.js';
import { maxPool2d } from '../layers/index.js';
import { Network } from '../network.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

export interface ResNetSettings extends PresetTarget {
  /** Blocks of each stage; every stage but the first starts with stride 2. */
  readonly depths: readonly number[];
  readonly block: 'basic' | 'bottleneck';
  /** Planes of the first stage, doubled in each next one, and channels of the stem. Default 64. */
  readonly width?: number;
  /** Groups of a bottleneck's 3×3 convolution (ResNeXt's cardinality). Default 1. */
  readonly groups?: number;
  /** Channels of a bottleneck's group where there are 64 planes: 64, the default, gives ResNet, 128 the wide ResNet. */
  readonly widthPerGroup?: number;
}

/** Stem 7×7/2 and max pool 3×3/2, then stages of blocks: basic ones give `planes` channels, bottlenecks four times as many. */
export function buildResNet(settings: ResNetSettings): Network {
  const { input, classes, depths, width = 64 } = settings;
  return Network.build(input, (image) => {
    let x = scope(image, 'stem', (pixels) => {
      const edges = convNorm(pixels, { name: 'conv', out: width, kernel: 7, stride: 2, activation: 'relu' });
      return maxPool2d(edges, { kernel: 3, stride: 2, padding: 1 });
    });
    for (const [stage, depth] of depths.entries()) {
      for (let index = 0; index < depth; index++) {
        const stride = stage > 0 && index === 0 ? 2 : 1;
        x = buildBlock(x, settings, width * 2 ** stage, { stride, name: `stage${stage + 1}.block${index + 1}` });
      }
    }
    return classifier(x, classes);
  });
}

/** A bottleneck's inner width is floor(planes · widthPerGroup / 64) · groups. */
function buildBlock(
  x: Feature,
  { block, groups = 1, widthPerGroup = 64 }: ResNetSettings,
  planes: number,
  place: { readonly name: string; readonly stride: number },
): Feature {
  if (block === 'basic') return basicBlock(x, { ...place, out: planes });
  return bottleneck(x, {
    ...place,
    out: 4 * planes,
    width: Math.floor((planes * widthPerGroup) / 64) * groups,
    groups,
  });
}

const preset = (title: string, paper: string, settings: Omit<ResNetSettings, keyof PresetTarget>): Preset => ({
  ...imagenet,
  title,
  paper,
  build: (target) => buildResNet({ ...settings, ...target }),
});

const RESNET = 'He, Zhang, Ren and Sun 2016: Deep Residual Learning for Image Recognition';
const WIDE = 'Zagoruyko and Komodakis 2016: Wide Residual Networks';
const RESNEXT = 'Xie, Girshick, Dollár, Tu and He 2017: Aggregated Residual Transformations for Deep Neural Networks';

const basic = (depths: readonly number[]) => ({ depths, block: 'basic' }) as const;
const deep = (depths: readonly number[], groups = 1, widthPerGroup = 64) =>
  ({ depths, block: 'bottleneck', groups, widthPerGroup }) as const;

const DEPTHS_50 = [3, 4, 6, 3];
const DEPTHS_101 = [3, 4, 23, 3];

/** By their names in torchvision; bottlenecks have the stride in the 3×3 convolution. */
export const resnets = {
  resnet18: preset('ResNet-18', RESNET, basic([2, 2, 2, 2])),
  resnet34: preset('ResNet-34', RESNET, basic([3, 4, 6, 3])),
  resnet50: preset('ResNet-50', RESNET, deep(DEPTHS_50)),
  resnet101: preset('ResNet-101', RESNET, deep(DEPTHS_101)),
  resnet152: preset('ResNet-152', RESNET, deep([3, 8, 36, 3])),
  wide_resnet50_2: preset('Wide ResNet-50, twice as wide', WIDE, deep(DEPTHS_50, 1, 128)),
  wide_resnet101_2: preset('Wide ResNet-101, twice as wide', WIDE, deep(DEPTHS_101, 1, 128)),
  resnext50_32x4d: preset('ResNeXt-50 32×4d', RESNEXT, deep(DEPTHS_50, 32, 4)),
  resnext101_32x8d: preset('ResNeXt-101 32×8d', RESNEXT, deep(DEPTHS_101, 32, 8)),
  resnext101_64x4d: preset('ResNeXt-101 64×4d', RESNEXT, deep(DEPTHS_101, 64, 4)),
} satisfies Record<string, Preset>;
