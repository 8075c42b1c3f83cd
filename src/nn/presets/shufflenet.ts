/** @file ShuffleNet V1 (Zhang et al. 2018) and V2 (Ma et al. 2018). */
import { channelsOf, convNorm, shuffleUnitV1, shuffleUnitV2 } from '../blocks/index.js';
import { type Feature, type ImageShape, scope } from '../feature.js';
import { maxPool2d } from '../layers/index.js';
import { Network } from '../network.js';
import { classifier, imagenet, type Preset } from './preset.js';

/** Units in each of the three stages, in both versions. */
const REPEATS = [4, 8, 4] as const;

/** Channels of the stem, fewer than those of any stage. */
const STEM_WIDTH = 24;

type Unit = (x: Feature, place: { readonly out: number; readonly stride: 1 | 2; readonly name: string }) => Feature;

/** Stem 3×3/2 to 24 and max pool 3×3/2, then three stages whose first units have stride 2. */
function shuffleNetwork(
  input: ImageShape,
  widths: readonly number[],
  unit: Unit,
  head: (x: Feature) => Feature,
): Network {
  return Network.build(input, (image) => {
    let x = scope(image, 'stem', (pixels) => {
      const edges = convNorm(pixels, { name: 'conv', out: STEM_WIDTH, kernel: 3, stride: 2, activation: 'relu' });
      return maxPool2d(edges, { kernel: 3, stride: 2, padding: 1 });
    });
    for (const [stage, repeats] of REPEATS.entries()) {
      const out = widths[stage];
      if (out === undefined)
        throw new Error(`a ShuffleNet has ${REPEATS.length} stages, but only ${widths.length} widths were given`);
      for (let index = 0; index < repeats; index++) {
        x = unit(x, { out, stride: index === 0 ? 2 : 1, name: `stage${stage + 2}.unit${index + 1}` });
      }
    }
    return head(x);
  });
}

/** V1; the first convolution of its first unit, which reads the stem, is not grouped, as so few channels are there. */
const versionOne = (groups: number, widths: readonly number[]): Preset => ({
  ...imagenet,
  title: `ShuffleNet V1 1×, ${groups} ${groups === 1 ? 'group' : 'groups'}`,
  paper:
    'Zhang, Zhou, Lin and Sun 2018: ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices',
  build: ({ input, classes }) =>
    shuffleNetwork(
      input,
      widths,
      (x, place) => shuffleUnitV1(x, { ...place, groups, firstGroups: channelsOf(x) === STEM_WIDTH ? 1 : groups }),
      (x) => classifier(x, classes),
    ),
});

const versionTwo = (multiplier: string, widths: readonly number[], last: number): Preset => ({
  ...imagenet,
  title: `ShuffleNet V2 ${multiplier}×`,
  paper: 'Ma, Zhang, Zheng and Sun 2018: ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design',
  build: ({ input, classes }) =>
    shuffleNetwork(input, widths, shuffleUnitV2, (x) =>
      classifier(convNorm(x, { name: 'last', out: last, kernel: 1, activation: 'relu' }), classes),
    ),
});

export const shufflenetV1Groups1 = versionOne(1, [144, 288, 576]);
export const shufflenetV1Groups2 = versionOne(2, [200, 400, 800]);
export const shufflenetV1Groups3 = versionOne(3, [240, 480, 960]);
export const shufflenetV1Groups4 = versionOne(4, [272, 544, 1088]);
export const shufflenetV1Groups8 = versionOne(8, [384, 768, 1536]);
export const shufflenetV2Half = versionTwo('0.5', [48, 96, 192], 1024);
export const shufflenetV2 = versionTwo('1.0', [116, 232, 464], 1024);
export const shufflenetV2OneAndHalf = versionTwo('1.5', [176, 352, 704], 1024);
export const shufflenetV2Double = versionTwo('2.0', [244, 488, 976], 2048);
