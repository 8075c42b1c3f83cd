/** @file What holds for every search space: its architectures, the networks that they build, and what these become. */
import { expect } from 'vitest';
import { nodeEngine } from '../src/engine/node-engine.js';
import { UsageError } from '../src/error.js';
import { canonicalJson, type Json } from '../src/json.js';
import { exportOnnx } from '../src/nn/export.js';
import type { Feature } from '../src/nn/feature.js';
import { normalizingMap } from '../src/nn/input-normalization.js';
import { Network } from '../src/nn/network.js';
import { initialWeights, type Weights } from '../src/nn/weights.js';
import { countOnnx } from '../src/onnx-cost/count.js';
import { Random } from '../src/random.js';
import type { BuildTarget, SearchSpace } from '../src/space/space.js';
import { type SparseVector, squaredDistanceFrom } from '../src/strategy/surrogate/sparse-vector.js';
import { inferenceGraph } from '../src/training/training-graph.js';
import { expectLaws } from './decision-laws.js';
import { WeisfeilerLehman } from './weisfeiler-lehman.js';

const engine = nodeEngine();

/** Small images, and as narrow as the space allows. */
export const tinyTarget: BuildTarget = { channels: 2, height: 28, width: 28, classes: 3, widthMultiplier: 0.25 };

/** As wide as the space has it, so that no two widths round to one. */
const wideTarget: BuildTarget = { ...tinyTarget, widthMultiplier: 1 };

/** Mutants of one architecture whose canonical forms are compared. */
const MUTANTS = 6;

/** Networks that are built of architectures with one canonical form. */
const COMPARED = 4;

/** Steps of the neighbourhoods by which graphs are told apart, and the share of graphs that may yet look like another one. */
const GRAPH_DEPTH = 3;
const ALIKE = 0.1;

/** Draws until an architecture has no layer without effect. */
const DRAWS = 50;

/** Sampled architectures validate, survive JSON, notation, sequences and crossover, and mutate into valid others. */
export function expectArchitectureLaws<A extends Json>(space: SearchSpace<A>, seed: number): void {
  const { decisions } = space;
  expectLaws(decisions, seed, { shifting: true, neighbourLimit: 20 });
  const random = new Random(seed);
  const architecture = decisions.sample(random);
  const key = canonicalJson(architecture);
  for (const notation of space.notations) {
    expect([notation.name, canonicalJson(space.parse(notation.format(architecture)))]).toEqual([notation.name, key]);
  }
  expect(space.format(architecture)).toBe(space.notations[0]?.format(architecture));
  expect(canonicalJson(space.parse(JSON.stringify(architecture)))).toBe(key);
  let current = architecture;
  for (let step = 0; step < 5; step++) {
    const mutant = space.mutate(current, random);
    expect(canonicalJson(decisions.validate(JSON.parse(JSON.stringify(mutant))))).toBe(canonicalJson(mutant));
    expect(mutant).not.toEqual(current);
    current = mutant;
  }
  expect(space.canonical(decisions.validate(JSON.parse(key)))).toBe(space.canonical(architecture));
}

/** Mutants of a sample and mutants of those, grouped by canonical form. Some groups are likely to have several. */
function relatives<A extends Json>(space: SearchSpace<A>, seed: number): A[][] {
  const random = new Random(seed);
  const mutants = (architecture: A) => Array.from({ length: MUTANTS }, () => space.mutate(architecture, random));
  const first = mutants(space.decisions.sample(random));
  const equals = new Map<string, Map<string, A>>();
  for (const architecture of [...first, ...first.flatMap(mutants)]) {
    const canonical = space.canonical(architecture);
    equals.set(canonical, (equals.get(canonical) ?? new Map()).set(canonicalJson(architecture), architecture));
  }
  return [...equals.values()].map((group) => [...group.values()]);
}

/**
 * Architectures that `canonical` takes for equal build networks of equal cost. Many would be taken for equal if it did not
 * look at what a mutation changes.
 */
export function expectCanonicalLaws<A extends Json>(space: SearchSpace<A>, seed: number): void {
  for (const group of relatives(space, seed)) {
    if (group.length === 1) continue;
    const networks = group.slice(0, COMPARED).map((each) => space.build(each, wideTarget));
    const costs = networks.filter(everyLayerCounts).map((network) => network.cost());
    expect(new Set(costs.map(({ params, macs }) => `${params} parameters, ${macs} MACs`)).size).toBeLessThan(2);
  }
}

/**
 * In graphs nodes read earlier ones, and all but the last are read. Their features are those of an architecture alone: equal
 * where `canonical` is, if it is `exact`, and hardly ever elsewhere.
 */
export function expectGraphLaws<A extends Json>(
  space: SearchSpace<A>,
  seed: number,
  { exact }: { readonly exact: boolean },
): void {
  const neighbourhoods = new WeisfeilerLehman(GRAPH_DEPTH);
  const groups = relatives(space, seed).map((group) => {
    const graphs = group.map((architecture) => space.graph?.(architecture) ?? []);
    for (const graph of graphs) {
      const read = new Set(graph.flatMap(({ inputs }) => inputs));
      expect([...read].sort((first, second) => first - second)).toEqual([...graph.keys()].slice(0, -1));
      for (const [node, { inputs }] of graph.entries()) expect(Math.max(-1, ...inputs)).toBeLessThan(node);
    }
    return graphs.map((graph) => neighbourhoods.featuresOf(graph));
  });
  const distances = (from: SparseVector, to: readonly SparseVector[]) => to.map(squaredDistanceFrom(from));
  const firsts = groups.flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    if (exact) expect(Math.max(0, ...distances(first, others))).toBe(0);
    return [first];
  });
  const alike = firsts.filter((first, index) => distances(first, firsts.slice(0, index)).includes(0));
  expect(alike.length).toBeLessThan(ALIKE * firsts.length);
}

/** What is no architecture is refused with a sentence that says where. */
export function expectRefusals<A extends Json>(space: SearchSpace<A>, seed: number): void {
  const random = new Random(seed);
  const architecture = space.decisions.sample(random);
  const wrong: unknown[] = [
    null,
    'no architecture',
    1e9,
    spoiled(architecture, random),
    { ...Object(architecture), x: 1 },
  ];
  for (const value of wrong) {
    const refused = () => space.decisions.validate(value);
    expect(refused, JSON.stringify(value)).toThrow(UsageError);
    expect(refused).toThrow(/^architecture.*: |^architecture.* (is|has|ends|goes on) /);
  }
  expect(() => space.parse('no architecture')).toThrow(UsageError);
  expect(() => space.parse('')).toThrow(UsageError);
}

/** The value with something else in the place of one leaf. */
function spoiled(value: Json, random: Random): Json {
  if (typeof value !== 'object' || value === null) return 'spoiled';
  const entries: [string, Json][] = Object.entries(value);
  const whole = entries.map(([, part], index) => ({ index, part })).filter(({ part }) => canonicalJson(part) !== '[]');
  if (whole.length === 0) return 'spoiled';
  const { index } = random.pick(whole);
  const changed = entries.map(
    ([key, part], position) => [key, position === index ? spoiled(part, random) : part] as const,
  );
  return Array.isArray(value) ? changed.map(([, part]) => part) : Object.fromEntries(changed);
}

/** Names and notation of published architectures lead to them, and they build. */
export function expectPublishedLaws<A extends Json>(space: SearchSpace<A>): void {
  const names = space.published.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, architecture, source } of space.published) {
    expect(source).not.toBe('');
    expect(canonicalJson(space.decisions.validate(architecture))).toBe(canonicalJson(architecture));
    expect(space.parse(name)).toEqual(architecture);
    expect(space.parse(space.format(architecture))).toEqual(architecture);
    expect(space.build(architecture, tinyTarget).cost().params).toBeGreaterThan(0);
  }
}

/** The network of a sampled architecture counts, and exports to ONNX with equal outputs and equal costs. */
export async function expectExportLaws<A extends Json>(space: SearchSpace<A>, seed: number): Promise<void> {
  const target = tinyTarget;
  const network = effectiveNetwork(space, seed, target);
  expect(network.outputShape).toEqual([target.classes]);
  expect(Network.fromJson(JSON.parse(JSON.stringify(network.toJson()))).cost()).toEqual(network.cost());
  expect(network.cost().params).toBeGreaterThan(0);
  const weights = distinctWeights(network, seed);
  const folded = exportOnnx(network, weights, { normalization: normalizationOf(network) });
  await expectSameOutputs(network, weights, folded, seed);
  const plain = exportOnnx(network, weights, { normalization: normalizationOf(network), foldBatchNorm: false });
  const { params, macs } = await countOnnx(engine, plain);
  expect({ params, macs }).toEqual({ params: network.cost().params, macs: network.cost().macs });
  expect((await countOnnx(engine, folded)).macs).toBe(macs);
}

/** A sampled network in which every layer has an effect: what only zeros follow or precede is folded away on export. */
function effectiveNetwork<A extends Json>({ decisions, build }: SearchSpace<A>, seed: number, target: BuildTarget) {
  const random = new Random(seed);
  for (let draw = 0; draw < DRAWS; draw++) {
    const network = build(decisions.sample(random), target);
    if (everyLayerCounts(network)) return network;
  }
  throw new Error(`of ${DRAWS} architectures each has layers without effect`);
}

function everyLayerCounts({ image, layers, output }: Network): boolean {
  const effective = layers.filter(({ kind }) => kind.kind !== 'zeros');
  const fromImage = new Set<Feature>([image]);
  for (const layer of effective) if (layer.inputs.some((input) => fromImage.has(input))) fromImage.add(layer);
  const toOutput = new Set<Feature>([output]);
  for (const layer of effective.toReversed()) {
    if (toOutput.has(layer)) for (const input of layer.inputs) toOutput.add(input);
  }
  return effective.every((layer) => fromImage.has(layer) && toOutput.has(layer));
}

const normalizationOf = ({ input: { channels } }: Network) => ({
  mean: Array.from({ length: channels }, () => 120),
  std: Array.from({ length: channels }, () => 70),
});

const pixelsFor = ({ input: { channels, height, width } }: Network, count: number, random: Random) =>
  Float32Array.from({ length: count * channels * height * width }, () => random.integer(256));

/** As after training: no two norms have equal statistics, so that equal constants are not written once. */
function distinctWeights(network: Network, seed: number): Weights {
  const random = new Random(seed).stream('weights');
  const { parameters, statistics } = initialWeights(network, seed);
  const near = (value: number) => value + 0.1 * random.uniform();
  return {
    parameters: parameters.map((value) => (value === 0 || value === 1 ? near(value) : value)),
    statistics: statistics.map(near),
  };
}

async function expectSameOutputs(network: Network, weights: Weights, model: Uint8Array, seed: number): Promise<void> {
  const { channels, height, width } = network.input;
  const images = {
    shape: [2, channels, height, width],
    data: pixelsFor(network, 2, new Random(seed).stream('pixels')),
  };
  const own = await engine.load(inferenceGraph(network, { batchSize: 2 }));
  const { scale, shift } = normalizingMap(normalizationOf(network), channels);
  const expected = await own.run({
    images,
    imageScale: { shape: [channels], data: scale },
    imageShift: { shape: [channels], data: shift },
    parameters: { shape: [weights.parameters.length], data: weights.parameters },
    ...(weights.statistics.length > 0 && {
      statistics: { shape: [weights.statistics.length], data: weights.statistics },
    }),
  });
  const exported = await engine.load(model);
  const found = await exported.run({ images });
  const logits = [...(expected.logits?.data ?? [])];
  const largest = Math.max(1, ...logits.map(Math.abs));
  expect(logits).toHaveLength(2 * (network.outputShape[0] ?? 0));
  for (const [index, logit] of logits.entries()) {
    expect(Math.abs((found.logits?.data[index] ?? Number.NaN) - logit)).toBeLessThan(1e-4 * largest);
  }
  await own.release();
  await exported.release();
}
