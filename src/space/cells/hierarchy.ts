/** @file Motifs of motifs (Liu et al. 2018): their levels, names and notation. */
import { UsageError } from '../../error.js';
import { edgesOf, type Motif, NO_EDGE } from './motif.js';

/** One level of the hierarchy. */
export interface MotifLevel {
  /** How many motifs the level above may choose from; the highest level has one, the cell. */
  readonly motifs: number;
  /** Nodes of each, the input and the output included. */
  readonly nodes: number;
}

/** `[ℓ][m][i][j]` is what level ℓ + 2 holds in motif m + 1 between node j + 1 and node i + 2; operators are level 1. */
export type Hierarchy = readonly (readonly Motif[])[];

/** The paper's name of a motif: o with its level and number. */
export const motifName = (level: number, motif: number): string => `o${level + 2}_${motif + 1}`;

/** For example `o2_1(1-2:conv_1x1, 2-4:identity); …; o3_1(1-2:o2_5, 2-5:o2_1)`: the edges that are there. */
export function formatHierarchy(hierarchy: Hierarchy): string {
  const motifs = hierarchy.flatMap((motifs, level) =>
    motifs.map((motif, index) => {
      const edges = edgesOf(motif).map(({ from, to, operator }) => `${from}-${to}:${operator}`);
      return `${motifName(level, index)}(${edges.join(', ')})`;
    }),
  );
  return motifs.join('; ');
}

/**
 * Reads what {@link formatHierarchy} writes, its motifs and edges in any order.
 * @throws {UsageError} where the text is not in the notation, or names nodes or motifs that there are not. What an edge holds
 * is not asked.
 */
export function parseHierarchy(text: string, levels: readonly MotifLevel[]): Hierarchy {
  const names = levels.flatMap(({ motifs }, level) =>
    Array.from({ length: motifs }, (_, index) => motifName(level, index)),
  );
  const written = new Map<string, string>();
  for (const part of text.split(';').map((words) => words.trim())) {
    if (part === '') continue;
    const [, name, edges = ''] = /^(o\d+_\d+)\s*\((.*)\)$/s.exec(part) ?? [];
    if (name === undefined) {
      throw new UsageError(`"${part.slice(0, 80)}" is no motif; one reads o2_1(1-2:conv_1x1, 2-4:identity).`);
    }
    if (!names.includes(name)) throw new UsageError(`There is no motif ${name}; there are ${names.join(', ')}.`);
    if (written.has(name)) throw new UsageError(`The motif ${name} comes twice.`);
    written.set(name, edges);
  }
  return levels.map(({ motifs, nodes }, level) =>
    Array.from({ length: motifs }, (_, index) => {
      const name = motifName(level, index);
      const edges = written.get(name);
      if (edges === undefined) throw new UsageError(`The motif ${name} is missing.`);
      return parseMotif(name, edges, nodes);
    }),
  );
}

function parseMotif(name: string, text: string, nodes: number): Motif {
  const motif = Array.from({ length: nodes - 1 }, (_, row) => new Array<string>(row + 1).fill(NO_EDGE));
  for (const edge of text.split(',').map((part) => part.trim())) {
    if (edge === '') continue;
    const [, from, to, operator] = /^(\d+)-(\d+):(\w+)$/.exec(edge) ?? [];
    const row = motif[Number(to) - 2];
    const index = Number(from) - 1;
    if (operator === undefined || row?.[index] === undefined) {
      throw new UsageError(
        `"${edge.slice(0, 80)}" of ${name} is no edge; one reads 1-2:conv_1x1 and leads from a node to a later one, up to ${nodes}.`,
      );
    }
    if (row[index] !== NO_EDGE) throw new UsageError(`${name} has the edge ${from}-${to} twice.`);
    row[index] = operator;
  }
  return motif;
}
