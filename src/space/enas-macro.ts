/** @file The macro space of ENAS (Pham et al. 2018): a chain of layers, each with an operator and skips from earlier ones. */

import type { ArchitectureGraph } from './architecture-graph.js';
import { channelsFor } from './cells/channels.js';
import { formatMacroArc, numbersOf, parseMacroArc, publishedMacroArc } from './cells/enas-arc.js';
import {
  type EnasMacroLayer,
  type EnasMacroNetworkOptions,
  enasMacroNetwork,
  finalOperators,
  sharedOperators,
} from './cells/enas-macro-network.js';
import { ENAS_PAPER } from './cells/enas-presets.js';
import { type OperatorSet, operatorNames } from './cells/operator.js';
import { bool, choice } from './decisions/choice.js';
import type { Infer } from './decisions/decision.js';
import { Mixture } from './decisions/mixture.js';
import { object } from './decisions/product.js';
import { repeat } from './decisions/repeat.js';
import { defineSpace, type SearchSpace, targetImage } from './space.js';

/** The decisions of the space. */
const decisionsAmong = (operators: OperatorSet, layers: number) =>
  repeat((layer) => object({ operator: choice(operatorNames(operators)), skips: repeat(bool(), layer) }), layers);

/**
 * The layers. `skips[j]` of layer i says whether it takes state j beside what its operator gives: the stem is state 0 and
 * layer k is state k + 1. The operator reads the layer before, so that there are i states to take.
 */
export type EnasMacroArchitecture = Infer<ReturnType<typeof decisionsAmong>>;

type Skeleton = EnasMacroNetworkOptions['skeleton'];

/** What the space `enas-macro` may be made with. */
export interface EnasMacroOptions {
  /** F: channels of the first layers. Default 8; the paper searches with 36 and trains 96 in the end. */
  readonly channels?: number;
  /** L. Default 12, as in the paper's count; its final network has 24. */
  readonly layers?: number;
  /** Default: `shared` where operators are open, `final` where they are decided. */
  readonly skeleton?: Skeleton;
  /** What a layer may do. Default: the paper's six, {@link finalOperators} or, in the shared skeleton, `sharedOperators`. */
  readonly operators?: OperatorSet;
}

const paperOperators: Readonly<Record<Skeleton, OperatorSet>> = { final: finalOperators, shared: sharedOperators };

/** The space in the paper's skeleton with few channels, or in another one. Open choices (`relax`) take all skips. */
export function enasMacro(options: EnasMacroOptions = {}): SearchSpace<EnasMacroArchitecture> {
  const { channels = 8, layers = 12, operators = finalOperators } = options;
  const decisions = decisionsAmong(operators, layers);
  return defineSpace({
    name: 'enas-macro',
    title: 'ENAS, macro space',
    paper: ENAS_PAPER,
    description:
      `A chain of ${layers} layers. Each applies one of six operators to the layer before it and takes any of the states ` +
      `before that: 6^${layers} · 2^${(layers * (layers - 1)) / 2} architectures. All states are halved behind a third and ` +
      `two thirds of the layers, where the ${channels} channels double. Skip j of a layer is the stem for j = 0 and layer ` +
      "j − 1 for others, as in the authors' code. The published network has 24 layers, which is a space of its own.",
    decisions,
    published: [
      {
        name: 'ENAS-macro',
        architecture: parseMacroArc(publishedMacroArc, finalOperators),
        source: "Pham et al. 2018, the authors' script for the final network",
      },
    ],
    notations: [
      {
        name: 'arc',
        description:
          'for each layer its operator, then 1 or 0 for each earlier layer that it may take, such as 0 3 0 0 1 0 …',
        parse(text) {
          const numbers = numbersOf(text);
          return numbers === undefined ? undefined : parseMacroArc(numbers, operators);
        },
        format: (architecture) => formatMacroArc(architecture, operators),
      },
    ],
    graph: layerGraph,
    build(architecture, target) {
      const { skeleton = isOpen(architecture) ? 'shared' : 'final' } = options;
      return enasMacroNetwork(architecture, {
        input: targetImage(target),
        classes: target.classes,
        operators: options.operators ?? paperOperators[skeleton],
        channels: channelsFor(channels, target),
        skeleton,
      });
    },
  });
}

const isOpen = (layers: readonly EnasMacroLayer[]): boolean =>
  layers.some(({ operator }) => operator instanceof Mixture);

/** The stem, the layers and the classifier: a layer reads the one before it and the states that it takes. */
const layerGraph = (layers: EnasMacroArchitecture): ArchitectureGraph => [
  { label: 'stem', inputs: [] },
  ...layers.map(({ operator, skips }, before) => ({
    label: operator,
    inputs: [before, ...skips.flatMap((isTaken, state) => (isTaken ? [state] : []))],
  })),
  { label: 'classifier', inputs: [layers.length] },
];
