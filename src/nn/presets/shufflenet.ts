/** @file ShuffleNet V1 (Zhang et al. 2018) and V2 (Ma et al. 2018). */
import { classifier, convNorm, shuffleUnitV1, shuffleUnitV2 } from '../blocks/index.js';
import { type Feature, scope } from '../feature.js';
import { maxPool2d } from '../layers/index.js';
import { Network } from '../network.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** Units in each of the three stages, in both versions. */
const REPEATS: readonly number[] = [4, 8, 4];

/** What both versions leave open. */
interface ShuffleNetSettings extends PresetTarget {
  /** Channels of each stage. */
  readonly widths: readonly number[];
  /** Units of each stage; the first has stride 2. Default 4, 8 and 4. */
  readonly repeats?: readonly number[];
  /** Channels of the stem. Default 24. */
  readonly stemWidth?: number;
}

export interface ShuffleNetV1Settings extends ShuffleNetSettings {
  /** Of the 1×1 convolutions; widths and their quarters must be multiples of it. */
  readonly groups: number;
}

export interface ShuffleNetV2Settings extends ShuffleNetSettings {
  /** Channels of the last convolution. Default 1024. */
  readonly last?: number;
}

/** Where a unit stands. */
interface UnitPlace {
  readonly name: string;
  readonly out: number;
  readonly stride: 1 | 2;
}

/** Stem 3×3/2 and max pool 3×3/2, then stages whose first units have stride 2. */
function shuffleStages(
  image: Feature,
  { widths, repeats = REPEATS, stemWidth = 24 }: ShuffleNetSettings,
  unit: (x: Feature, place: UnitPlace, isFirst: boolean) => Feature,
): Feature {
  const stem = scope(image, 'stem', (pixels) => {
    const edges = convNorm(pixels, { name: 'conv', out: stemWidth, kernel: 3, stride: 2, activation: 'relu' });
    return maxPool2d(edges, { kernel: 3, stride: 2, padding: 1 });
  });
  const places = widths.flatMap((out, stage) =>
    Array.from({ length: repeats[stage] ?? 0 }, (_, index): UnitPlace => {
      const name = `stage${stage + 2}.unit${index + 1}`;
      return { name, out, stride: index === 0 ? 2 : 1 };
    }),
  );
  return places.reduce((x, place, index) => unit(x, place, index === 0), stem);
}

/** V1; the first convolution of its first unit, which reads the stem, is not grouped, as so few channels are there. */
export function buildShuffleNetV1({ groups, ...settings }: ShuffleNetV1Settings): Network {
  return Network.build(settings.input, (image) => {
    const features = shuffleStages(image, settings, (x, place, isFirst) =>
      shuffleUnitV1(x, { ...place, groups, firstGroups: isFirst ? 1 : groups }),
    );
    return classifier(features, settings.classes);
  });
}

/** V2; a 1×1 convolution goes before the classifier. */
export function buildShuffleNetV2({ last = 1024, ...settings }: ShuffleNetV2Settings): Network {
  return Network.build(settings.input, (image) => {
    const features = shuffleStages(image, settings, shuffleUnitV2);
    return classifier(convNorm(features, { name: 'last', out: last, kernel: 1, activation: 'relu' }), settings.classes);
  });
}

const versionOne = (groups: number, widths: readonly number[]): Preset => ({
  ...imagenet,
  title: `ShuffleNet V1 1×, ${groups} ${groups === 1 ? 'group' : 'groups'}`,
  paper:
    'Zhang, Zhou, Lin and Sun 2018: ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices',
  build: (target) => buildShuffleNetV1({ ...target, groups, widths }),
});

const versionTwo = (multiplier: string, widths: readonly number[], last: number): Preset => ({
  ...imagenet,
  title: `ShuffleNet V2 ${multiplier}×`,
  paper: 'Ma, Zhang, Zheng and Sun 2018: ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design',
  build: (target) => buildShuffleNetV2({ ...target, widths, last }),
});

/** V1 by its groups (table 1), V2 by torchvision's names. */
export const shufflenets = {
  shufflenet_v1_g1: versionOne(1, [144, 288, 576]),
  shufflenet_v1_g2: versionOne(2, [200, 400, 800]),
  shufflenet_v1_g3: versionOne(3, [240, 480, 960]),
  shufflenet_v1_g4: versionOne(4, [272, 544, 1088]),
  shufflenet_v1_g8: versionOne(8, [384, 768, 1536]),
  shufflenet_v2_x0_5: versionTwo('0.5', [48, 96, 192], 1024),
  shufflenet_v2_x1_0: versionTwo('1.0', [116, 232, 464], 1024),
  shufflenet_v2_x1_5: versionTwo('1.5', [176, 352, 704], 1024),
  shufflenet_v2_x2_0: versionTwo('2.0', [244, 488, 976], 2048),
} satisfies Record<string, Preset>;
