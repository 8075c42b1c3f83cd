/** @file The space around MobileNetV3 (Howard et al. 2019): its block table, stage by stage and row by row. */
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import { scope } from '../nn/feature.js';
import { chain } from '../nn/presets/mobile-frame.js';
import {
  MOBILENET_V3_LARGE,
  MOBILENET_V3_STEM,
  type MobileNetV3Row,
  type MobileNetV3Table,
  mobileNetV3,
  mobileNetV3Block,
} from '../nn/presets/mobilenet-v3.js';
import { makeDivisible } from '../nn/rounding.js';
import { bool, choice, ordinal } from './decisions/choice.js';
import type { Decision, Infer } from './decisions/decision.js';
import { object } from './decisions/product.js';
import { branch } from './decisions/relax.js';
import { repeat, tuple } from './decisions/repeat.js';
import { defineSpace, type SearchSpace, targetImage } from './space.js';
import { fittingStrides } from './strides.js';

/** Multiples of 8 around a number of channels. */
const around = (channels: number, factors: readonly number[]) =>
  ordinal(factors.map((factor) => 8 * Math.round((channels * factor) / 8)));

/** Decisions around rows of one width; a row more repeats the last one. */
const stage = (rows: readonly MobileNetV3Row[]) =>
  object({
    kernel: choice([3, 5]),
    squeezeExcite: bool(),
    activation: choice(['relu', 'hard-swish']),
    width: around(lastOf(rows).out, [0.75, 1, 1.25]),
    /** Channels of the depthwise convolution of each block. */
    expanded: repeat((index) => around((rows[index] ?? lastOf(rows)).expanded, [0.5, 0.75, 1, 1.25]), {
      min: rows.length - 1,
      max: rows.length + 1,
    }),
  });

/** The decisions of one stage. */
export type MobileNetV3Stage = Infer<ReturnType<typeof stage>>;

/** An architecture of the space `mobilenet-v3`: its stages behind the first block. */
export type MobileNetV3Architecture = readonly MobileNetV3Stage[];

/** What the space `mobilenet-v3` may be made with. */
export interface MobileNetV3Options {
  /** The table that is searched around. Default: that of MobileNetV3-Large. */
  readonly table?: MobileNetV3Table;
  /** Multiplies all channels. Default 1. */
  readonly widthMultiplier?: number;
}

/** The space around one of the two published tables, or another one. */
export function mobilenetV3({
  table = MOBILENET_V3_LARGE,
  widthMultiplier = 1,
}: MobileNetV3Options = {}): SearchSpace<MobileNetV3Architecture> {
  const [first, ...rows] = table.rows;
  if (first === undefined) throw new RangeError('the table of a MobileNetV3 needs a row');
  const stages = stagesOf(rows);
  const decisions: Decision<MobileNetV3Architecture> = tuple(...stages.map(stage));
  const strides = [2, first.stride, ...stages.map((stageRows) => stageRows[0]?.stride ?? 1)];
  return defineSpace<MobileNetV3Architecture>({
    name: 'mobilenet-v3',
    title: 'MobileNetV3',
    paper: 'Howard et al., Searching for MobileNetV3, ICCV 2019',
    description:
      'The stages of the block table of MobileNetV3 behind its first block. Each stage chooses its kernel, ' +
      'squeeze-and-excite, activation, width (0.75, 1 or 1.25 times that of the table, in multiples of 8), and one block ' +
      'more or less; each block its expanded channels (0.5, 0.75, 1 or 1.25 times those of the table). The paper searched ' +
      "MnasNet's space and refined rows by NetAdapt; it states no size. For small images the first layers do not stride.",
    decisions,
    published: [
      {
        name: table.title,
        architecture: stages.map(decided),
        source: 'the block table that is searched around; tables 1 and 2 of the paper are those of Large and Small',
      },
    ],
    notations: [
      {
        name: 'stages',
        description:
          'kernel, width, squeeze-and-excite, activation and expanded channels of each stage, such as k5_o40_se_relu_x72-120-120',
        parse: (text) => (/^\s*k\d/.test(text) ? text.split(',').map((part) => parseStage(part.trim())) : undefined),
        format: (architecture) => architecture.map(formatStage).join(','),
      },
    ],
    build(architecture, target) {
      const scaled = (width: number) => makeDivisible(width * widthMultiplier * (target.widthMultiplier ?? 1));
      const [stemStride = 1, firstStride = 1, ...stageStrides] = fittingStrides(strides, target);
      const frame = {
        input: targetImage(target),
        classes: target.classes,
        stem: { out: scaled(MOBILENET_V3_STEM), stride: stemStride },
        last: scaled(table.last),
        hidden: scaled(table.hidden),
      };
      const runs = architecture.map(({ width, expanded, ...shared }, index) => ({
        blocks: expanded.map((channels) => ({ ...shared, expanded: scaled(channels) })),
        out: scaled(width),
        stride: stageStrides[index] ?? 1,
      }));
      return mobileNetV3(frame, (stem) => {
        const start = { ...first, expanded: scaled(first.expanded), out: scaled(first.out), stride: firstStride };
        return chain(mobileNetV3Block(stem, start, 'first'), runs, (x, block, { name, ...place }) =>
          scope(x, name, (inner) =>
            branch(block.activation, inner, (activation, y) =>
              branch(block.kernel, y, (kernel, z) => {
                const { expanded, squeezeExcite: gated } = block;
                return mobileNetV3Block(z, { ...place, kernel, expanded, gated, activation }, 'block');
              }),
            ),
          ),
        );
      });
    },
  });
}

/** Rows in a row of one width. */
function stagesOf(rows: readonly MobileNetV3Row[]): MobileNetV3Row[][] {
  const stages: MobileNetV3Row[][] = [];
  for (const row of rows) {
    const stage = stages.at(-1);
    if (stage?.[0]?.out === row.out) stage.push(row);
    else stages.push([row]);
  }
  return stages;
}

function lastOf(rows: readonly MobileNetV3Row[]): MobileNetV3Row {
  const last = rows.at(-1);
  if (last === undefined) throw new RangeError('a stage needs a row');
  return last;
}

/** The decisions that the table has taken; the rows of a stage differ in their expanded channels alone. */
function decided(rows: readonly MobileNetV3Row[]): MobileNetV3Stage {
  const { kernel, gated, activation, out } = lastOf(rows);
  return stage(rows).validate({
    kernel,
    squeezeExcite: gated,
    activation,
    width: out,
    expanded: rows.map(({ expanded }) => expanded),
  });
}

/** For example `k5_o40_se_relu_x72-120-120`. */
function formatStage({ kernel, width, squeezeExcite, activation, expanded }: MobileNetV3Stage): string {
  const gate = squeezeExcite ? ['se'] : [];
  return [`k${kernel}`, `o${width}`, ...gate, activation, `x${expanded.join('-')}`].join('_');
}

const NOTATION = /^k(\d+)_o(\d+)(_se)?_([a-z-]+)_x(\d+(?:-\d+)*)$/;

function parseStage(text: string): Json {
  const [, kernel, width, gate, activation, expanded] = NOTATION.exec(text) ?? [];
  if (activation === undefined || expanded === undefined) {
    throw new UsageError(
      `"${text.slice(0, 80)}" is no stage of the space "mobilenet-v3"; an example of one is "k5_o40_se_relu_x72-120-120".`,
    );
  }
  return {
    kernel: Number(kernel),
    squeezeExcite: gate !== undefined,
    activation,
    width: Number(width),
    expanded: expanded.split('-').map(Number),
  };
}
