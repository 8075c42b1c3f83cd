/** @file The networks of DARTS (Liu et al. 2019): its cell, and its skeletons for CIFAR-10 and for ImageNet. */
import { classifier, convNorm, factorizedReduction, reluConvNorm } from '../../nn/blocks/index.js';
import { type Feature, type ImageShape, scope } from '../../nn/feature.js';
import { activation, add, concat } from '../../nn/layers/index.js';
import { Network } from '../../nn/network.js';
import type { Mixture } from '../decisions/mixture.js';
import { branch } from '../decisions/relax.js';
import { auxiliaryHead, bothHeads } from './auxiliary-head.js';
import { stateAt } from './block-cell.js';
import type { OperatorSet } from './operator.js';
import type { Stem } from './stem.js';

/** What an edge of a cell takes and does. */
export interface DartsEdge<Name extends string = string> {
  /** Decided, or all of them mixed. */
  readonly operator: Name | Mixture<Name>;
  /** State 0 is the output of the cell before the previous one, state 1 that of the previous one, 2 and on are the nodes. */
  readonly from: number;
}

/** A cell: each node is the sum of its edges. */
export interface DartsCell<Name extends string = string> {
  readonly nodes: readonly (readonly DartsEdge<Name>[])[];
  /** The states whose channels are the cell's output. */
  readonly concat: readonly number[];
}

/** The two cells of a network. */
export interface DartsCells<Name extends string = string> {
  readonly normal: DartsCell<Name>;
  readonly reduce: DartsCell<Name>;
}

/** Sizes of the network around the cells of DARTS. */
export interface DartsNetworkOptions<Name extends string = string> {
  readonly input: ImageShape;
  readonly classes: number;
  /** Channels of the nodes of the first cells; each of the two reductions doubles them. */
  readonly channels: number;
  /** Cells, the two reductions included, which stand at a third and at two thirds. */
  readonly cells: number;
  /** `cifar` keeps the size of the image, `imagenet` takes an eighth of it. */
  readonly stem: Stem;
  /** All that the cells name. */
  readonly operators: OperatorSet<Name>;
  /** Whether the norms of the cells' inputs have a trained scale and shift. */
  readonly affine: boolean;
  /**
   * Whether a second classifier stands behind the second reduction, which training adds to the loss with a weight of 0.4:
   * see `bothHeads`. Default false, as deployed.
   */
  readonly auxiliary?: boolean;
}

/** The network of two cells. */
export function dartsNetwork<Name extends string>(
  cells: DartsCells<Name>,
  options: DartsNetworkOptions<Name>,
): Network {
  const { input, classes, stem, auxiliary = false } = options;
  const reductions = [Math.floor(options.cells / 3), Math.floor((2 * options.cells) / 3)];
  return Network.build(input, (image) => {
    let [before, previous] = stems[stem](image, options.channels);
    let channels = options.channels;
    let shrunk = stem === 'imagenet';
    let second: Feature | undefined;
    for (let index = 0; index < options.cells; index++) {
      const reduce = reductions.includes(index);
      if (reduce) channels *= 2;
      const cell = reduce ? cells.reduce : cells.normal;
      const built = scope(image, `cell${index}`, () =>
        buildCell(before, previous, cell, { ...options, channels, stride: reduce ? 2 : 1, shrunk }),
      );
      [before, previous, shrunk] = [previous, built, reduce];
      if (auxiliary && index === reductions[1]) {
        second = auxiliaryHead(previous, { classes, ...(stem === 'imagenet' && { stride: 2, norm: false }) });
      }
    }
    return bothHeads(classifier(previous, classes), second);
  });
}

interface CellOptions<Name extends string> {
  readonly channels: number;
  readonly stride: number;
  /** Whether the map of the previous cell is half as wide as that of the cell before it. */
  readonly shrunk: boolean;
  readonly operators: OperatorSet<Name>;
  readonly affine: boolean;
}

function buildCell<Name extends string>(
  before: Feature,
  previous: Feature,
  cell: DartsCell<Name>,
  { channels, stride, shrunk, operators, affine }: CellOptions<Name>,
): Feature {
  const norm = { out: channels, affine };
  const projected = (x: Feature) => reluConvNorm(x, { ...norm, kernel: 1 });
  const states = [
    scope(before, 'input0', (x) => (shrunk ? factorizedReduction(x, norm) : projected(x))),
    scope(previous, 'input1', projected),
  ];
  for (const [index, edges] of cell.nodes.entries()) {
    const incoming = edges.map(({ operator, from }) =>
      scope(stateAt(states, from), `edge${index + 2}_${from}`, (x) =>
        branch(operator, x, (name, y) => operators[name].build(y, { channels, stride: from < 2 ? stride : 1 })),
      ),
    );
    states.push(add(incoming, { name: `node${index + 2}` }));
  }
  return concat(cell.concat.map((index) => stateAt(states, index)));
}

/** The features that the first cell takes: of the cell before the previous one, and of the previous one. */
const stems: Readonly<Record<Stem, (image: Feature, channels: number) => [before: Feature, previous: Feature]>> = {
  cifar(image, channels) {
    const stem = scope(image, 'stem', (x) => convNorm(x, { name: 'conv', out: 3 * channels, kernel: 3 }));
    return [stem, stem];
  },
  imagenet(image, channels) {
    const half = Math.floor(channels / 2);
    const strided = { kernel: 3, stride: 2 };
    const first = scope(image, 'stem0', (x) =>
      convNorm(convNorm(x, { name: 'conv1', out: half, activation: 'relu', ...strided }), {
        name: 'conv2',
        out: channels,
        ...strided,
      }),
    );
    const second = scope(first, 'stem1', (x) =>
      convNorm(activation(x, 'relu'), { name: 'conv', out: channels, ...strided }),
    );
    return [first, second];
  },
};
