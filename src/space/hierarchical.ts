/** @file Hierarchical representations (Liu et al. 2018): motifs of motifs of operators. */
import { channelsOf, convNorm } from '../nn/blocks/index.js';
import { type Feature, scope } from '../nn/feature.js';
import { globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { Random } from '../random.js';
import type { ArchitectureGraph } from './architecture-graph.js';
import { hierarchicalFinal } from './cells/hierarchical-genotypes.js';
import { hierarchicalOperators } from './cells/hierarchical-operators.js';
import { formatHierarchy, type Hierarchy, type MotifLevel, motifName, parseHierarchy } from './cells/hierarchy.js';
import {
  buildMotif,
  canonicalMotif,
  hasPath,
  type MotifParts,
  motifs,
  NO_EDGE,
  type OpenMotif,
  placeMotif,
} from './cells/motif.js';
import { type OperatorSet, operatorNames } from './cells/operator.js';
import { OperatorGraph, type PlaceEdge } from './cells/operator-graph.js';
import { type Stem, stemFor } from './cells/stem.js';
import type { Decision } from './decisions/decision.js';
import { repeat, tuple } from './decisions/repeat.js';
import { defineSpace, repeatsFor, type SearchSpace, targetImage } from './space.js';

/** The paper's: six motifs of four nodes, whose edges hold operators, and a cell of five, whose edges hold motifs. */
const PAPER_LEVELS: readonly MotifLevel[] = [
  { motifs: 6, nodes: 4 },
  { motifs: 1, nodes: 5 },
];

/** What the space `hierarchical` may be made with. */
export interface HierarchicalOptions {
  /** Channels of the first of three stages; each next one has twice as many. Default 16, as in the paper's search. */
  readonly channels?: number;
  /** Cells in each stage. Default 1, as in the paper's search; 2 in its final networks. */
  readonly cells?: number;
  /** From the second level, whose edges hold operators, up. Default: the paper's. Its flat variant is `[{ motifs: 1, nodes: 11 }]`. */
  readonly levels?: readonly MotifLevel[];
  /** What the lowest level may hold; each keeps the shape of a map. Default: {@link hierarchicalOperators}. */
  readonly operators?: OperatorSet;
}

const STAGES = 3;

function decisionsOf(levels: readonly MotifLevel[], operators: readonly string[]): Decision<Hierarchy> {
  let parts = operators;
  const decisions = levels.map(({ motifs: count, nodes }, level) => {
    const decision = repeat(motifs(nodes, parts), count);
    parts = Array.from({ length: count }, (_, motif) => motifName(level, motif));
    return decision;
  });
  return tuple(...decisions);
}

/** The space with the paper's hierarchy and its small network, or with others. */
export function hierarchical(options: HierarchicalOptions = {}): SearchSpace<Hierarchy> {
  const { channels = 16, cells = 1, levels = PAPER_LEVELS, operators = hierarchicalOperators } = options;
  if (levels.at(-1)?.motifs !== 1) throw new RangeError('the highest level has one motif, which is the cell');
  const decisions = decisionsOf(levels, operatorNames(operators));
  return defineSpace({
    name: 'hierarchical',
    title: 'Hierarchical representations',
    paper:
      'Liu, Simonyan, Vinyals, Fernando and Kavukcuoglu, Hierarchical Representations for Efficient Architecture Search, ICLR 2018',
    description:
      'Six motifs of four nodes, whose edges hold operators or nothing, and a cell of five nodes, whose edges hold motifs or ' +
      'nothing; a path leads from the input to the output of each. Edges into one node are concatenated and brought back to the ' +
      'channels of the cell by 1×1. A mutation changes, adds or removes one edge.',
    decisions,
    published: [
      {
        name: 'HIERARCHICAL_FINAL',
        architecture: hierarchicalFinal,
        source: 'Liu et al. 2018, appendix; edges without a label are read as the identity, as NASLib does',
      },
    ],
    notations: [
      {
        name: 'motifs',
        description: 'the edges of each motif, such as o2_1(1-2:conv_1x1, 2-4:identity); …; o3_1(1-2:o2_5, 2-5:o2_1)',
        parse: (text) => (text.trim().startsWith('o2_') ? parseHierarchy(text, levels) : undefined),
        format: formatHierarchy,
      },
    ],
    mutate: (architecture, random) => mutate(architecture, operatorNames(operators), random),
    canonical,
    graph: operatorGraph,
    hasDepth: true,
    build(architecture, target) {
      const repeats = repeatsFor(cells, target);
      const width = Math.max(1, Math.round(channels * (target.widthMultiplier ?? 1)));
      const input = targetImage(target);
      const stem = stems[stemFor(input)];
      const separable = hierarchicalOperators.sep_conv_3x3;
      const { cell, below } = split<OpenMotif>(architecture);
      const parts = partsAbove(below, operators);
      return Network.build(input, (image) => {
        let x = scope(image, 'stem', (inner) => stem(inner, width));
        for (let index = 0; index < STAGES * repeats; index++) {
          const isFirst = index % repeats === 0;
          const out = width * 2 ** Math.floor(index / repeats);
          if (index > 0) {
            x = scope(x, `between${index}`, (inner) =>
              separable.build(inner, { channels: out, stride: isFirst ? 2 : 1 }),
            );
          }
          x = scope(x, `cell${index}`, (inner) => buildMotif(inner, cell, parts));
        }
        x = scope(x, 'last', (inner) => separable.build(inner, { channels: width * 2 ** (STAGES - 1), stride: 1 }));
        return scope(x, 'head', (inner) => linear(globalAvgPool(inner), { name: 'classifier', out: target.classes }));
      });
    },
  });
}

const stems: Readonly<Record<Stem, (image: Feature, out: number) => Feature>> = {
  cifar: (image, out) => convNorm(image, { name: 'conv', out, kernel: 3, activation: 'relu' }),
  // The paper leaves open how its ImageNet networks begin.
  imagenet: (image, out) =>
    [Math.ceil(out / 4), Math.ceil(out / 2), out].reduce(
      (x, width, index) =>
        convNorm(x, { name: `conv${index + 1}`, out: width, kernel: 3, stride: 2, activation: 'relu' }),
      image,
    ),
};

type OpenHierarchy = readonly (readonly OpenMotif[])[];

/** What edges above these levels may do to a map: build a motif of the highest of them, or without levels an operator. */
function partsAbove(levels: OpenHierarchy, operators: OperatorSet): MotifParts {
  const level = levels.length - 1;
  const motifs = levels[level];
  if (motifs === undefined) {
    return new Map(
      Object.values(operators).map(({ name, build }) => [
        name,
        (x) => build(x, { channels: channelsOf(x), stride: 1 }),
      ]),
    );
  }
  const below = partsAbove(levels.slice(0, level), operators);
  return new Map(motifs.map((motif, index) => [motifName(level, index), (x) => buildMotif(x, motif, below)]));
}

/** The one motif of the highest level, and the levels below it. */
function split<M>(hierarchy: readonly (readonly M[])[]): {
  readonly cell: M;
  readonly below: readonly (readonly M[])[];
} {
  const cell = hierarchy.at(-1)?.[0];
  if (cell === undefined) throw new RangeError('the highest level has no motif');
  return { cell, below: hierarchy.slice(0, -1) };
}

/** The cell with its motifs in place of their names; their numbers, and motifs that no edge holds, are nothing. */
function canonical(hierarchy: Hierarchy): string {
  const { cell, below } = split(hierarchy);
  const words = new Map<string, string>();
  for (const [level, motifs] of below.entries()) {
    for (const [index, motif] of motifs.entries()) {
      words.set(motifName(level, index), `(${canonicalMotif(motif, (name) => words.get(name) ?? name)})`);
    }
  }
  return canonicalMotif(cell, (name) => words.get(name) ?? name);
}

/** The operators of the cell, with motifs in place of their names. */
function operatorGraph(hierarchy: Hierarchy): ArchitectureGraph {
  const { cell, below } = split(hierarchy);
  const named = new Map(
    below.flatMap((motifs, level) => motifs.map((motif, index) => [motifName(level, index), motif] as const)),
  );
  const graph = new OperatorGraph();
  const place: PlaceEdge = (name, source) => {
    const motif = named.get(name);
    return motif === undefined ? [graph.append(name, source)] : placeMotif(graph, motif, source, place);
  };
  return graph.endingWith(placeMotif(graph, cell, [graph.append('input')], place));
}

/**
 * The paper's mutation (Liu et al. 2018, section 3.1): a level, a motif of it, a node, an earlier node, and what the edge
 * between them then holds, each drawn uniformly; drawn again if that changes nothing or cuts the last path.
 */
function mutate(hierarchy: Hierarchy, operators: readonly string[], random: Random): Hierarchy {
  for (;;) {
    const level = random.integer(hierarchy.length);
    const motifs = hierarchy[level] ?? [];
    const motif = random.integer(motifs.length);
    const rows = motifs[motif] ?? [];
    const row = random.integer(rows.length);
    const from = random.integer(row + 1);
    const parts = level === 0 ? operators : (hierarchy[level - 1] ?? []).map((_, index) => motifName(level - 1, index));
    const operator = random.pick([NO_EDGE, ...parts]);
    const edges = rows[row] ?? [];
    const changed = rows.with(row, edges.with(from, operator));
    if (operator !== edges[from] && hasPath(changed)) return hierarchy.with(level, motifs.with(motif, changed));
  }
}
