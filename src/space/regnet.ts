/** @file RegNet (Radosavovic et al. 2020): networks whose stages follow from five numbers. */
import { buildRegNet, publishedRegNets } from '../nn/presets/regnet.js';
import { quantizedWidths, type RegNetRounding, type RegNetStage, regnetStages } from '../nn/presets/regnet-design.js';
import { makeDivisible } from '../nn/rounding.js';
import { parseAssignments } from './decisions/assignments.js';
import { bool, int, ordinal } from './decisions/choice.js';
import type { Infer } from './decisions/decision.js';
import { filtered } from './decisions/filtered.js';
import { object } from './decisions/product.js';
import { defineSpace, type SearchSpace, targetImage } from './space.js';
import { fittingStrides } from './strides.js';

/** What the numbers of a design may be. */
export interface RegNetGrid {
  /** d, the number of blocks. Default 4 to 28; the paper's best networks have about 20. */
  readonly depth: { readonly min: number; readonly max: number };
  /** w0, multiples of 8. Default 8 to 96. */
  readonly initialWidths: readonly number[];
  /** wa. Default 4 to 64. */
  readonly slopes: readonly number[];
  /** wm, above 1. Default 2 to 3, to which section 4 of the paper narrows it. */
  readonly multipliers: readonly number[];
  /** g. Default 8 to 48. */
  readonly groupWidths: readonly number[];
  /** Numbers of stages. Default 4: the paper ignores designs that give others. */
  readonly stages: readonly number[];
}

/** What the space `regnet` may be made with. */
export interface RegNetOptions extends Partial<RegNetGrid> {
  /** How widths are rounded to whole groups. Default `half-even`, as in the paper. */
  readonly rounding?: RegNetRounding;
}

/** A regular grid, and between its points those of the published networks up to 3.2 GF. */
const MOBILE_REGIME: RegNetGrid = {
  depth: { min: 4, max: 28 },
  initialWidths: [8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96],
  slopes: [
    4, 8, 16, 20.71, 24, 24.48, 26.31, 27.89, 32, 32.54, 34.01, 35.73, 36.44, 36.97, 38.84, 40, 42.63, 48, 56, 64,
  ],
  multipliers: [2, 2.09, 2.2, 2.24, 2.25, 2.28, 2.32, 2.4, 2.49, 2.54, 2.6, 2.65, 2.66, 2.8, 3],
  groupWidths: [8, 16, 24, 32, 40, 48],
  stages: [4],
};

const STRIDE = 2;
const STEM_WIDTH = 32;

/** The decisions of the space. */
const decisionsOf = ({ depth, initialWidths, slopes, multipliers, groupWidths, stages }: RegNetGrid) =>
  object({
    widths: filtered(
      object({
        depth: int(depth),
        initialWidth: ordinal(initialWidths),
        slope: ordinal(slopes),
        multiplier: ordinal(multipliers),
      }),
      (design) => {
        const widths = [...new Set(quantizedWidths(design))];
        if (stages.includes(widths.length)) return undefined;
        return `its blocks have ${widths.length} widths (${widths.join(', ')}), one a stage, but allowed are ${stages.join(', ')}`;
      },
    ),
    groupWidth: ordinal(groupWidths),
    /** RegNetY has it, RegNetX has not. */
    squeezeExcite: bool(),
  });

/** An architecture of the space `regnet`. */
export type RegNetArchitecture = Infer<ReturnType<typeof decisionsOf>>;

/** The space with the grid of the paper's mobile regime, or with another. */
export function regnet({ rounding = 'half-even', ...options }: RegNetOptions = {}): SearchSpace<RegNetArchitecture> {
  const grid = { ...MOBILE_REGIME, ...options };
  const decisions = decisionsOf(grid);
  const stagesOf = ({ widths, groupWidth }: RegNetArchitecture) => regnetStages({ ...widths, groupWidth }, rounding);
  return defineSpace<RegNetArchitecture>({
    name: 'regnet',
    title: 'RegNet',
    paper: 'Radosavovic, Prateek Kosaraju, Girshick, He and Dollár, Designing Network Design Spaces, CVPR 2020',
    description:
      'Bottlenecks with grouped convolutions whose widths grow linearly: block j is w0 + wa·j wide, quantised to w0 times ' +
      'a power of wm and to multiples of 8. Blocks of one width are a stage, and its width is rounded to whole groups. ' +
      'Designs with another number of stages than the paper allows are left out. The paper counts 64⁴·6·3 combinations of ' +
      'six numbers, of which it lists no values; here each has a grid that holds the published designs up to 3.2 GF. For ' +
      'small images the stem and the first stages do not stride.',
    decisions,
    published: publishedRegNets.map(({ title, design: { groupWidth, ...widths }, squeezeExcite }) => ({
      name: title,
      architecture: { widths, groupWidth, squeezeExcite },
      source: "configs/dds_baselines of the authors' pycls",
    })),
    build(architecture, target) {
      const { widthMultiplier = 1, classes } = target;
      const stages = stagesOf(architecture).map((stage) => narrowed(stage, widthMultiplier));
      return buildRegNet({
        input: targetImage(target),
        classes,
        stages,
        squeezeExcite: architecture.squeezeExcite,
        stemWidth: makeDivisible(STEM_WIDTH * widthMultiplier),
        strides: fittingStrides([STRIDE, ...stages.map(() => STRIDE)], target),
      });
    },
    notations: [
      {
        name: 'symbols',
        description: "the paper's symbols, such as d=13,w0=24,wa=36.44,wm=2.49,g=8,se",
        parse,
        format,
      },
    ],
    canonical: (architecture) => JSON.stringify([stagesOf(architecture), architecture.squeezeExcite]),
  });
}

/** A stage for a smaller budget, still of whole groups. */
function narrowed({ depth, width, groupWidth }: RegNetStage, multiplier: number): RegNetStage {
  const group = Math.min(groupWidth, Math.max(1, Math.round(width * multiplier)));
  const scaled = makeDivisible(width * multiplier, group);
  return { depth, width: scaled, innerWidth: scaled, groupWidth: group };
}

function format({ widths: { depth, initialWidth, slope, multiplier }, groupWidth, squeezeExcite }: RegNetArchitecture) {
  const numbers = `d=${depth},w0=${initialWidth},wa=${slope},wm=${multiplier},g=${groupWidth}`;
  return squeezeExcite ? `${numbers},se` : numbers;
}

function parse(text: string): unknown {
  const symbols = parseAssignments(text, { numbers: ['d', 'w0', 'wa', 'wm', 'g'], flags: ['se'] });
  if (symbols === undefined) return undefined;
  const { d, w0, wa, wm, g, se = false } = symbols;
  return { widths: { depth: d, initialWidth: w0, slope: wa, multiplier: wm }, groupWidth: g, squeezeExcite: se };
}
