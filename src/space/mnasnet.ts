/** @file MnasNet's factorised hierarchical space (Tan et al. 2019): a block chooses one layer, which it repeats. */
import { UsageError } from '../error.js';
import { scope } from '../nn/feature.js';
import { type BlockRun, formatBlockString, parseBlockString, skips } from '../nn/presets/block-string.js';
import { MNASNET_A1, MNASNET_B1, MNASNET_LAST, mnasNetLayer, mnasNetwork } from '../nn/presets/mnasnet.js';
import { makeDivisible } from '../nn/rounding.js';
import { choice, int, ordinal } from './decisions/choice.js';
import type { Infer } from './decisions/decision.js';
import type { Relaxable } from './decisions/mixture.js';
import { object } from './decisions/product.js';
import { branch } from './decisions/relax.js';
import { tuple } from './decisions/repeat.js';
import { defineSpace, type SearchSpace, targetImage } from './space.js';
import { fittingStrides } from './strides.js';

/** Expansion of the depthwise part; a regular convolution has none. */
const EXPANSIONS = { conv: undefined, dconv: 1, mbconv3: 3, mbconv6: 6 } as const;

const operators = ['conv', 'dconv', 'mbconv3', 'mbconv6'] as const satisfies readonly (keyof typeof EXPANSIONS)[];

/** A block around one of MobileNetV2's stages: its channels times 0.75, 1 and 1.25, and its layers −1, ±0 and +1. */
const block = (filters: readonly number[], layers: number) =>
  object({
    operator: choice(operators),
    kernel: choice([3, 5]),
    /** Width of the squeeze relative to the layer's input. */
    squeezeRatio: ordinal([0, 0.25]),
    skip: choice(skips),
    filters: ordinal(filters),
    layers: int({ min: layers - 1, max: layers + 1 }),
  });

/** Multiples of 8. What would be 120 and 200 filters is 112 and 192, the widths of the published A1 and B1. */
const decisions = tuple(
  block([16, 24, 32], 2),
  block([24, 32, 40], 3),
  block([48, 64, 80], 4),
  block([72, 96, 112], 3),
  block([120, 160, 192], 3),
);

/** An architecture of the space `mnasnet`. */
export type MnasNetArchitecture = Infer<typeof decisions>;

type Block = MnasNetArchitecture[number];

const STEM = 32;

/** What is not searched: the first and the last layer, which A1 and B1 share. */
const FIRST: Block = { operator: 'dconv', kernel: 3, squeezeRatio: 0, skip: 'none', filters: 16, layers: 1 };
const LAST: Block = { operator: 'mbconv6', kernel: 3, squeezeRatio: 0, skip: 'identity', filters: 320, layers: 1 };

/** Of the first layer of each block, the fixed ones included. */
const STRIDES = [1, 2, 2, 2, 1, 2, 1] as const;

/** What the space `mnasnet` may be made with. */
export interface MnasNetOptions {
  /** The paper's depth multiplier, of all channels but the last convolution's. Default 1. */
  readonly widthMultiplier?: number;
}

/** The space at the paper's widths, or at multiples of them. */
export function mnasnet({ widthMultiplier = 1 }: MnasNetOptions = {}): SearchSpace<MnasNetArchitecture> {
  return defineSpace<MnasNetArchitecture>({
    name: 'mnasnet',
    title: 'MnasNet',
    paper: 'Tan et al., MnasNet: Platform-Aware Neural Architecture Search for Mobile, CVPR 2019',
    description:
      'Five blocks around the stages of MobileNetV2, between a fixed first and last one. Each block chooses an operator ' +
      '(regular convolution, depthwise separable one, inverted residual of expansion 3 or 6), a kernel, squeeze-and-excite, ' +
      'a skip, its filters and its layers, which are all alike: 4·2·2·3·3·3 = 432 blocks, 432^5 = 1.5·10^13 networks. The ' +
      'paper names 432, but one inverted residual only, with which the lists would give 324; 432 they give with the two ' +
      'expansions that its networks have. Filters are those of MobileNetV2 times 0.75, 1 and 1.25 in multiples of 8, but 112 ' +
      'in place of 120 and 192 in place of 200, as its networks have them. For small images the first layers do not stride.',
    decisions,
    published: [
      {
        name: 'MnasNet-A1',
        architecture: parseBlocks(MNASNET_A1.blocks),
        source: "figure 7 of the paper; mnasnet_a1 of the authors' code",
      },
      { name: 'MnasNet-B1', architecture: parseBlocks(MNASNET_B1.blocks), source: "mnasnet_b1 of the authors' code" },
    ],
    notations: [
      {
        name: 'block-strings',
        description:
          "the authors' strings of all seven stages, such as r1_k3_s11_e1_i32_o16_noskip,r2_k3_s22_e6_i16_o24,…",
        parse: (text) => (/^\s*r\d/.test(text) ? parseBlocks(text.split(',')) : undefined),
        format: (architecture) => runsOf(architecture).map(formatBlockString).join(','),
      },
    ],
    /** A skip has no effect in a block of one layer that changes the channels. */
    canonical: (architecture) =>
      JSON.stringify(
        runsOf(architecture).map((run) =>
          run.repeats === 1 && run.input !== run.out ? { ...run, skip: 'none' } : run,
        ),
      ),
    build(architecture, target) {
      const budget = target.widthMultiplier ?? 1;
      const scaled = (width: number) => makeDivisible(width * widthMultiplier * budget);
      const [stemStride = 1, ...strides] = fittingStrides([2, ...STRIDES], target);
      const stages = [FIRST, ...architecture, LAST].map((block: Relaxable<Block>, index) => ({
        blocks: new Array<Relaxable<Block>>(block.layers).fill(block),
        out: scaled(block.filters),
        stride: strides[index] ?? 1,
      }));
      const frame = {
        input: targetImage(target),
        classes: target.classes,
        stem: scaled(STEM),
        stemStride,
        last: makeDivisible(MNASNET_LAST * budget),
      };
      return mnasNetwork(frame, stages, (x, { operator, kernel, squeezeRatio, skip }, { name, ...place }) =>
        scope(x, name, (inner) =>
          branch(operator, inner, (op, y) =>
            branch(kernel, y, (size, z) =>
              branch(skip, z, (around, w) => {
                const layer = { ...layerOf(op, squeezeRatio), kernel: size, skip: around };
                return mnasNetLayer(w, layer, { name: 'layer', ...place });
              }),
            ),
          ),
        ),
      );
    },
  });
}

function layerOf(operator: Block['operator'], squeezeRatio: number): Pick<BlockRun, 'expansion' | 'squeezeRatio'> {
  return { expansion: EXPANSIONS[operator], squeezeRatio: squeezeRatio === 0 ? undefined : squeezeRatio };
}

/** The block strings of the whole network. */
function runsOf(architecture: MnasNetArchitecture): BlockRun[] {
  const blocks = [FIRST, ...architecture, LAST];
  return blocks.map(({ operator, kernel, squeezeRatio, skip, filters, layers }, index) => ({
    ...layerOf(operator, squeezeRatio),
    repeats: layers,
    kernel,
    stride: STRIDES[index] ?? 1,
    input: blocks[index - 1]?.filters ?? STEM,
    out: filters,
    skip,
  }));
}

/**
 * Reads the block strings of a whole network, the fixed ones included.
 * @throws {UsageError} where they are none, or no network of the space
 */
function parseBlocks(texts: readonly string[]): MnasNetArchitecture {
  const runs = texts.map((text) => parseBlockString(text.trim()));
  const architecture = decisions.validate(
    runs.slice(1, -1).map(({ expansion, kernel, squeezeRatio = 0, skip, out, repeats }) => ({
      operator: operators.find((name) => EXPANSIONS[name] === expansion) ?? `e${expansion}`,
      kernel,
      squeezeRatio,
      skip,
      filters: out,
      layers: repeats,
    })),
  );
  for (const [index, run] of runsOf(architecture).entries()) {
    const expected = formatBlockString(run);
    // The last layer changes the channels, so that its skip has no effect: B1 is written with "_noskip", A1 without.
    const found = index < STRIDES.length - 1 ? texts[index]?.trim() : texts[index]?.trim().replace(/_noskip$/, '');
    if (found === expected) continue;
    throw new UsageError(
      `Block ${index + 1} of "${texts.join(',')}" is "${found}"; in the space "mnasnet" it can only be "${expected}".`,
    );
  }
  return architecture;
}
