/** @file A chain in which each block is one of several efficient modules, or left out. */
import { type Feature, scope } from '../nn/feature.js';
import { identity } from '../nn/layers/index.js';
import { chain, mobileNetwork } from '../nn/presets/mobile-frame.js';
import { makeDivisible } from '../nn/rounding.js';
import { efficientModuleOperators } from './cells/module-operators.js';
import { type CellTarget, type OperatorSet, operatorNamed, operatorNames } from './cells/operator.js';
import { choice } from './decisions/choice.js';
import type { Decision } from './decisions/decision.js';
import { branch } from './decisions/relax.js';
import { repeat, tuple } from './decisions/repeat.js';
import { defineSpace, type SearchSpace, targetImage } from './space.js';
import { stagesNotation, withoutSkips } from './stage-notation.js';
import { fittingStrides } from './strides.js';

/** Leaves a block out. */
const SKIP = 'skip';

/** An architecture of the space `efficient-modules`: the names of the modules of each stage. */
export type EfficientModulesArchitecture = readonly (readonly string[])[];

/** What the space `efficient-modules` may be made with. */
export interface EfficientModulesOptions {
  /** What a block may be, beside `skip`. Default: {@link efficientModuleOperators}. */
  readonly operators?: OperatorSet;
  /** Channels of the stem. Default 16. */
  readonly stem?: number;
  /** The stages: their channels, the stride of their first block, and the most blocks. Default: MobileNetV3's, with 4 blocks each. */
  readonly stages?: readonly { readonly channels: number; readonly stride: number; readonly blocks: number }[];
  /** Channels of the last convolution. Default 960. */
  readonly last?: number;
}

const STAGES = [
  { channels: 24, stride: 2, blocks: 4 },
  { channels: 40, stride: 2, blocks: 4 },
  { channels: 80, stride: 2, blocks: 4 },
  { channels: 112, stride: 1, blocks: 4 },
  { channels: 160, stride: 2, blocks: 4 },
] as const;

/** The space of the default modules and stages, or of other ones. */
export function efficientModules({
  operators = efficientModuleOperators,
  stem = 16,
  stages = STAGES,
  last = 960,
}: EfficientModulesOptions = {}): SearchSpace<EfficientModulesArchitecture> {
  const names = operatorNames(operators);
  /** The first block of a stage changes the channels, so that it cannot be left out. */
  const first = choice(names);
  const other = choice([...names, SKIP]);
  const decisions: Decision<EfficientModulesArchitecture> = tuple(
    ...stages.map(({ blocks }) => repeat((position) => (position === 0 ? first : other), blocks)),
  );
  return defineSpace<EfficientModulesArchitecture>({
    name: 'efficient-modules',
    title: 'Efficient modules',
    paper:
      'No single paper: blocks chosen one by one as in Wu et al., FBNet, CVPR 2019, and Cai et al., ProxylessNAS, ICLR 2019; ' +
      "the modules' papers stand in cells/module-operators.ts",
    description:
      `${stages.length} stages of up to ${stages.map(({ blocks }) => blocks).join(', ')} blocks. Each block is an ` +
      'inverted residual, a fused one, one with squeeze-and-excite, grouped 1×1 convolutions with a shuffle, or a depthwise ' +
      'separable convolution; all but the first of a stage may also be left out. For small images the first layers do ' +
      'not stride.',
    decisions,
    notations: [stagesNotation],
    canonical: (architecture) => JSON.stringify(withoutSkips(architecture, SKIP)),
    build(architecture, target) {
      const scaled = (width: number) => makeDivisible(width * (target.widthMultiplier ?? 1));
      const [stemStride = 1, ...strides] = fittingStrides([2, ...stages.map(({ stride }) => stride)], target);
      const rows = stages.map(({ channels }, index) => ({
        blocks: architecture[index] ?? [],
        out: scaled(channels),
        stride: strides[index] ?? 1,
      }));
      const frame = {
        input: targetImage(target),
        classes: target.classes,
        stem: { out: scaled(stem), stride: stemStride },
        last: scaled(last),
        activation: 'relu6',
      } as const;
      return mobileNetwork(frame, (edges) =>
        chain(edges, rows, (x, module, { name, out, stride }) =>
          scope(x, name, (inner) =>
            branch(module, inner, (option, y) => buildModule(y, option, operators, { channels: out, stride })),
          ),
        ),
      );
    },
  });
}

function buildModule(x: Feature, name: string, operators: OperatorSet, to: CellTarget): Feature {
  return name === SKIP ? identity(x) : operatorNamed(operators, name).build(x, to);
}
