/** @file MobileNetV3, large and small (Howard et al. 2019), as torchvision has them. */
import { invertedResidual } from '../blocks/index.js';
import type { Feature } from '../feature.js';
import type { Network } from '../network.js';
import { makeDivisible } from '../rounding.js';
import { mobileNetwork } from './mobile-frame.js';
import { imagenet, type Preset, type PresetTarget } from './preset.js';

/** A block of the tables. */
export interface MobileNetV3Row {
  readonly kernel: number;
  /** Channels of the depthwise convolution. */
  readonly expanded: number;
  readonly out: number;
  /** Whether it has squeeze-and-excite. */
  readonly gated: boolean;
  readonly activation: 'relu' | 'hard-swish';
  readonly stride: number;
}

type Columns = [
  kernel: number,
  expanded: number,
  out: number,
  gated: boolean,
  activation: 'relu' | 'hard-swish',
  stride: number,
];

const tabulated = (...rows: readonly Columns[]): MobileNetV3Row[] =>
  rows.map(([kernel, expanded, out, gated, activation, stride]) => ({
    kernel,
    expanded,
    out,
    gated,
    activation,
    stride,
  }));

/** A published network: its blocks, and the channels of its last convolution and of its hidden layer. */
export interface MobileNetV3Table {
  readonly title: string;
  readonly rows: readonly MobileNetV3Row[];
  readonly last: number;
  readonly hidden: number;
}

/** Table 1 of the paper. */
const LARGE = tabulated(
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
);

/** Table 2 of the paper. */
const SMALL = tabulated(
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
);

/** Table 1 of the paper (Howard et al. 2019). */
export const MOBILENET_V3_LARGE: MobileNetV3Table = {
  title: 'MobileNetV3-Large',
  rows: LARGE,
  last: 960,
  hidden: 1280,
};
/** Table 2 of the paper (Howard et al. 2019). */
export const MOBILENET_V3_SMALL: MobileNetV3Table = {
  title: 'MobileNetV3-Small',
  rows: SMALL,
  last: 576,
  hidden: 1024,
};

/** Channels of the stem. */
export const MOBILENET_V3_STEM = 16;

/** torchvision's settings of batch norm in these networks. */
const NORM = { epsilon: 0.001, momentum: 0.01 };

export interface MobileNetV3Frame extends PresetTarget {
  readonly stem: { readonly out: number; readonly stride?: number };
  readonly last: number;
  readonly hidden: number;
}

/** What these networks have around their blocks. */
export function mobileNetV3(frame: MobileNetV3Frame, blocks: (x: Feature) => Feature): Network {
  const hidden = { out: frame.hidden, bias: true };
  return mobileNetwork({ ...frame, hidden, activation: 'hard-swish', norm: NORM }, blocks);
}

/** One row of a table. The gate has a quarter of the expanded channels. */
export function mobileNetV3Block(x: Feature, row: MobileNetV3Row, name: string): Feature {
  const squeeze = row.gated ? makeDivisible(row.expanded / 4) : undefined;
  return invertedResidual(x, { ...row, name, squeeze, norm: NORM });
}

export interface MobileNetV3Settings extends PresetTarget {
  /** Default: that of MobileNetV3-Large. */
  readonly table?: MobileNetV3Table;
  /** Multiplies all channels, which are then rounded by {@link makeDivisible}, as in torchvision. Default 1. */
  readonly widthMultiplier?: number;
}

/** The MobileNetV3 of a block table, of any width and for images of any size. */
export function buildMobileNetV3(settings: MobileNetV3Settings): Network {
  const { input, classes, table = MOBILENET_V3_LARGE, widthMultiplier = 1 } = settings;
  const scaled = (channels: number) => makeDivisible(channels * widthMultiplier);
  const stem = { out: scaled(MOBILENET_V3_STEM) };
  return mobileNetV3({ input, classes, stem, last: scaled(table.last), hidden: scaled(table.hidden) }, (edges) =>
    table.rows.reduce((x, row, index) => {
      const wide = { ...row, expanded: scaled(row.expanded), out: scaled(row.out) };
      return mobileNetV3Block(x, wide, `block${index + 1}`);
    }, edges),
  );
}

const mobilenetV3 = (table: MobileNetV3Table): Preset => ({
  ...imagenet,
  title: table.title,
  paper: 'Howard et al. 2019: Searching for MobileNetV3',
  build: (target) => buildMobileNetV3({ ...target, table }),
});

export const mobilenetV3Large = mobilenetV3(MOBILENET_V3_LARGE);
export const mobilenetV3Small = mobilenetV3(MOBILENET_V3_SMALL);
