/** @file MobileNetV3, large and small (Howard et al. 2019), as torchvision has them. */
import { invertedResidual } from '../blocks/index.js';
import type { Network } from '../network.js';
import { makeDivisible } from '../rounding.js';
import { mobileNetwork } from './mobile-frame.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** Kernel, expanded channels, output channels, squeeze-and-excite, activation, stride. */
type Row = readonly [
  kernel: number,
  expanded: number,
  out: number,
  gated: boolean,
  activation: 'relu' | 'hard-swish',
  stride: 1 | 2,
];

/** Table 1 of the paper. */
const LARGE: readonly Row[] = [
  [3, 16, 16, false, 'relu', 1],
  [3, 64, 24, false, 'relu', 2],
  [3, 72, 24, false, 'relu', 1],
  [5, 72, 40, true, 'relu', 2],
  [5, 120, 40, true, 'relu', 1],
  [5, 120, 40, true, 'relu', 1],
  [3, 240, 80, false, 'hard-swish', 2],
  [3, 200, 80, false, 'hard-swish', 1],
  [3, 184, 80, false, 'hard-swish', 1],
  [3, 184, 80, false, 'hard-swish', 1],
  [3, 480, 112, true, 'hard-swish', 1],
  [3, 672, 112, true, 'hard-swish', 1],
  [5, 672, 160, true, 'hard-swish', 2],
  [5, 960, 160, true, 'hard-swish', 1],
  [5, 960, 160, true, 'hard-swish', 1],
];

/** Table 2 of the paper. */
const SMALL: readonly Row[] = [
  [3, 16, 16, true, 'relu', 2],
  [3, 72, 24, false, 'relu', 2],
  [3, 88, 24, false, 'relu', 1],
  [5, 96, 40, true, 'hard-swish', 2],
  [5, 240, 40, true, 'hard-swish', 1],
  [5, 240, 40, true, 'hard-swish', 1],
  [5, 120, 48, true, 'hard-swish', 1],
  [5, 144, 48, true, 'hard-swish', 1],
  [5, 288, 96, true, 'hard-swish', 2],
  [5, 576, 96, true, 'hard-swish', 1],
  [5, 576, 96, true, 'hard-swish', 1],
];

/** torchvision's settings of batch norm in these networks. */
const NORM = { epsilon: 0.001, momentum: 0.01 };

function build(rows: readonly Row[], last: number, hidden: number, { input, classes }: PresetTarget): Network {
  const frame = {
    input,
    classes,
    stem: { out: 16 },
    last,
    hidden: { out: hidden, bias: true },
    activation: 'hard-swish',
    norm: NORM,
  } as const;
  return mobileNetwork(frame, (stem) =>
    rows.reduce(
      (x, [kernel, expanded, out, gated, activation, stride], index) =>
        invertedResidual(x, {
          name: `block${index + 1}`,
          out,
          expanded,
          kernel,
          stride,
          activation,
          squeeze: gated ? makeDivisible(expanded / 4) : undefined,
          norm: NORM,
        }),
      stem,
    ),
  );
}

const PAPER = 'Howard et al. 2019: Searching for MobileNetV3';

export const mobilenetV3Large: Preset = {
  ...imagenet,
  title: 'MobileNetV3-Large',
  paper: PAPER,
  build: (target) => build(LARGE, 960, 1280, target),
};

export const mobilenetV3Small: Preset = {
  ...imagenet,
  title: 'MobileNetV3-Small',
  paper: PAPER,
  build: (target) => build(SMALL, 576, 1024, target),
};
