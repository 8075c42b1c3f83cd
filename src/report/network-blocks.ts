/** @file A network cut into the blocks that are drawn: layers of one scope together, equal neighbours once. */
import { canonicalJson } from '../json.js';
import type { LayerCost } from '../nn/cost.js';
import { IMAGE } from '../nn/feature.js';
import type { LayerJson } from '../nn/network-json.js';
import type { NetworkDescription } from './description.js';

/** A layer and what it costs. */
export type DrawnLayer = LayerJson & LayerCost;

/** Layers drawn as one box: one that computes, and the norms and activations around it. */
export interface DrawnNode {
  readonly layers: readonly [DrawnLayer, ...DrawnLayer[]];
}

/** A feature that a block takes from elsewhere. */
export interface BlockInput {
  /** Name of the layer that gives it, or `image`. */
  readonly layer: string;
  readonly shape: readonly number[];
  /** Whether it is the output of the block before this one. */
  readonly fromBefore: boolean;
}

export interface DrawnBlock {
  readonly title: string;
  /** Words that the names of all its layers begin with, with a dot at the end, or nothing. */
  readonly prefix: string;
  readonly nodes: readonly DrawnNode[];
  readonly inputs: readonly BlockInput[];
  readonly outputShape: readonly number[];
  /** How many equal blocks follow each other here. */
  readonly repeats: number;
  /** Of one of them. */
  readonly params: number;
  readonly macs: number;
}

/** A block with more boxes is cut along the scopes inside it. */
const MANY_NODES = 12;

/** Neighbours with as few boxes are drawn together, up to {@link MERGED_NODES}. */
const FEW_NODES = 2;
const MERGED_NODES = 6;

/** Kinds that are drawn in the box of the layer before or after them. */
const companions = new Set(['batchNorm', 'activation', 'dropout', 'identity', 'flatten']);

/** Every layer of the network with its cost, in the order in which they run. */
export function drawnLayers({ network, layerCosts }: NetworkDescription): DrawnLayer[] {
  const costs = new Map(layerCosts.map((cost) => [cost.name, cost]));
  return network.layers.map((layer) => {
    const cost = costs.get(layer.name);
    if (cost === undefined) throw new RangeError(`the layer "${layer.name}" has no cost`);
    return { ...layer, ...cost };
  });
}

/** The blocks of a network in the order in which they run. */
export function blocksOf(description: NetworkDescription): DrawnBlock[] {
  const layers = drawnLayers(description);
  const { channels, height, width } = description.network.input;
  const shapes = new Map<string, readonly number[]>([[IMAGE, [channels, height, width]]]);
  for (const layer of layers) shapes.set(layer.name, layer.outputShape);
  const users = usersOf(layers);
  const groups = mergeSmall(split(layers, 1, users), users);
  const blocks = groups.map((group, index) => blockOf(group, groups[index - 1], shapes, users));
  return collapse(blocks);
}

/** A run of layers. */
interface Group {
  readonly title: string;
  readonly layers: readonly DrawnLayer[];
}

/** For each layer, how many layers take its output. */
function usersOf(layers: readonly DrawnLayer[]): ReadonlyMap<string, number> {
  const users = new Map<string, number>();
  for (const layer of layers) for (const input of layer.inputs) users.set(input, (users.get(input) ?? 0) + 1);
  return users;
}

/** Runs of layers that agree in the first `depth` words of their names; large runs are cut at their next word. */
function split(layers: readonly DrawnLayer[], depth: number, users: ReadonlyMap<string, number>): Group[] {
  const runs: { title: string; layers: DrawnLayer[] }[] = [];
  for (const layer of layers) {
    const title = layer.name.split('.').slice(0, depth).join('.');
    const last = runs.at(-1);
    if (last?.title === title) last.layers.push(layer);
    else runs.push({ title, layers: [layer] });
  }
  return runs.flatMap((run) => {
    const inner = fuse(run.layers, users).length > MANY_NODES ? split(run.layers, depth + 1, users) : [];
    return inner.length > 1 ? inner : [run];
  });
}

/** Joins neighbours of one or two boxes, so that a chain of single layers is not a chain of single blocks. */
function mergeSmall(groups: readonly Group[], users: ReadonlyMap<string, number>): Group[] {
  const merged: Group[] = [];
  let open: Group | undefined;
  for (const group of groups) {
    const small = fuse(group.layers, users).length <= FEW_NODES;
    const joined = [...(open?.layers ?? []), ...group.layers];
    if (open !== undefined && small && fuse(joined, users).length <= MERGED_NODES) {
      open = { title: `${open.title.replace(/ … .*$/, '')} … ${group.title}`, layers: joined };
      merged[merged.length - 1] = open;
    } else {
      merged.push(group);
      open = small ? group : undefined;
    }
  }
  return merged;
}

/**
 * Chains of layers as boxes: each has one layer that computes at most, and no kind twice, so that both
 * conv–norm–ReLU and ReLU–conv–norm stay together; names of different scopes do not.
 */
function fuse(layers: readonly DrawnLayer[], users: ReadonlyMap<string, number>): DrawnNode[] {
  const nodes: [DrawnLayer, ...DrawnLayer[]][] = [];
  const byLast = new Map<string, [DrawnLayer, ...DrawnLayer[]]>();
  for (const layer of layers) {
    const [input, ...others] = layer.inputs;
    const node = input !== undefined && others.length === 0 && users.get(input) === 1 ? byLast.get(input) : undefined;
    if (node !== undefined && fits(node, layer)) {
      byLast.delete(node.at(-1)?.name ?? '');
      node.push(layer);
      byLast.set(layer.name, node);
    } else {
      const started: [DrawnLayer] = [layer];
      nodes.push(started);
      byLast.set(layer.name, started);
    }
  }
  return nodes.map((members) => ({ layers: members }));
}

function fits(node: readonly DrawnLayer[], layer: DrawnLayer): boolean {
  const computes = (member: DrawnLayer) => !companions.has(member.kind);
  if (node.some((member) => member.kind === layer.kind)) return false;
  if (!node.some((member) => belongTogether(member.name, layer.name))) return false;
  return !(computes(layer) && node.some(computes));
}

/** Whether one name is the other's scope, as `expand` is of `expand.norm`, or both are of one scope. */
const belongTogether = (first: string, second: string): boolean =>
  second.startsWith(`${first}.`) || scopeOf(first) === scopeOf(second);

const scopeOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/** Whether the layer is a norm, an activation or the like, which goes along with another. */
export const isCompanion = (layer: DrawnLayer): boolean => companions.has(layer.kind);

function blockOf(
  { title, layers }: Group,
  before: Group | undefined,
  shapes: ReadonlyMap<string, readonly number[]>,
  users: ReadonlyMap<string, number>,
): DrawnBlock {
  const own = new Set(layers.map((layer) => layer.name));
  const foreign = new Set(layers.flatMap((layer) => layer.inputs.filter((input) => !own.has(input))));
  const sum = (value: (layer: DrawnLayer) => number) => layers.reduce((total, layer) => total + value(layer), 0);
  return {
    title,
    prefix: commonPrefix(layers.map((layer) => layer.name)),
    nodes: fuse(layers, users),
    inputs: [...foreign].map((layer) => ({
      layer,
      shape: shapes.get(layer) ?? [],
      fromBefore: layer === before?.layers.at(-1)?.name,
    })),
    outputShape: layers.at(-1)?.outputShape ?? [],
    repeats: 1,
    params: sum((layer) => layer.params),
    macs: sum((layer) => layer.macs),
  };
}

/** The words that all names begin with; of every name at least the last word is left. */
function commonPrefix(names: readonly string[]): string {
  const [first = [], ...others] = names.map((name) => name.split('.').slice(0, -1));
  let shared = 0;
  while (shared < first.length && others.every((words) => words[shared] === first[shared])) shared++;
  return shared === 0 ? '' : `${first.slice(0, shared).join('.')}.`;
}

/** Draws equal blocks that follow each other, each fed by the one before alone, as one. */
function collapse(blocks: readonly DrawnBlock[]): DrawnBlock[] {
  const collapsed: DrawnBlock[] = [];
  let first = '';
  for (const block of blocks) {
    const last = collapsed.at(-1);
    const [input, ...others] = block.inputs;
    const chained = input?.fromBefore === true && others.length === 0;
    if (last !== undefined && chained && signature(last) === signature(block)) {
      collapsed[collapsed.length - 1] = { ...last, title: `${first} to ${block.title}`, repeats: last.repeats + 1 };
    } else {
      collapsed.push(block);
      first = block.title;
    }
  }
  return collapsed;
}

/** Equal for blocks that differ in names only. */
function signature({ nodes, inputs }: DrawnBlock): string {
  const positions = new Map(inputs.map(({ layer }, index) => [layer, -1 - index]));
  const layers = nodes.flatMap((node) => node.layers);
  for (const [index, layer] of layers.entries()) positions.set(layer.name, index);
  return canonicalJson([
    inputs.map(({ shape }) => [...shape]),
    layers.map((layer) => [
      layer.kind,
      layer.inputs.map((input) => positions.get(input) ?? null),
      layer.attributes,
      [...layer.outputShape],
    ]),
  ]);
}
