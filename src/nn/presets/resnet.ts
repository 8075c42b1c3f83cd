/** @file ResNet (He et al. 2016) and ResNeXt (Xie et al. 2017) as torchvision has them. */
import { basicBlock, bottleneck, convNorm } from '../blocks/index.js';
import { type Feature, scope } from '../feature.js';
import { maxPool2d } from '../layers/index.js';
import { Network } from '../network.js';
import { classifier, imagenet, type Preset, type PresetTarget } from './preset.js';

const RESNET = 'He, Zhang, Ren and Sun 2016: Deep Residual Learning for Image Recognition';
const RESNEXT = 'Xie, Girshick, Dollár, Tu and He 2017: Aggregated Residual Transformations for Deep Neural Networks';

/** One block of a stage; `planes` is 64, 128, 256 or 512. */
type Block = (x: Feature, planes: number, stride: number, name: string) => Feature;

/** Stem 7×7/2 to 64 and max pool 3×3/2; four stages of `blocks`, the last three with stride 2. */
function residualNetwork({ input, classes }: PresetTarget, depths: readonly number[], block: Block): Network {
  return Network.build(input, (image) => {
    let x = scope(image, 'stem', (pixels) => {
      const edges = convNorm(pixels, { name: 'conv', out: 64, kernel: 7, stride: 2, activation: 'relu' });
      return maxPool2d(edges, { kernel: 3, stride: 2, padding: 1 });
    });
    for (const [stage, depth] of depths.entries()) {
      for (let index = 0; index < depth; index++) {
        x = block(x, 64 * 2 ** stage, stage > 0 && index === 0 ? 2 : 1, `stage${stage + 1}.block${index + 1}`);
      }
    }
    return classifier(x, classes);
  });
}

const basic: Block = (x, planes, stride, name) => basicBlock(x, { name, out: planes, stride });

/** Bottlenecks of inner width floor(planes · widthPerGroup / 64) · groups. */
const grouped =
  (groups: number, widthPerGroup: number): Block =>
  (x, planes, stride, name) =>
    bottleneck(x, { name, out: 4 * planes, width: Math.floor((planes * widthPerGroup) / 64) * groups, groups, stride });

export const resnet18: Preset = {
  ...imagenet,
  title: 'ResNet-18',
  paper: RESNET,
  build: (target) => residualNetwork(target, [2, 2, 2, 2], basic),
};

export const resnet50: Preset = {
  ...imagenet,
  title: 'ResNet-50, stride in the 3×3 convolution',
  paper: RESNET,
  build: (target) => residualNetwork(target, [3, 4, 6, 3], grouped(1, 64)),
};

export const resnext50: Preset = {
  ...imagenet,
  title: 'ResNeXt-50 32×4d',
  paper: RESNEXT,
  build: (target) => residualNetwork(target, [3, 4, 6, 3], grouped(32, 4)),
};
