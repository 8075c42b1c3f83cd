/** @file Networks: graphs of named layers that know their shapes, parameters and cost. */
import type { Shape } from '../tensor/shape.js';
import { type Cost, costOf, type LayerCost, layerCostsOf } from './cost.js';
import { type Feature, Graph, type ImageShape, type Layer } from './feature.js';
import type { Initialiser } from './initialiser.js';
import { type NetworkJson, networkFromJson, networkToJson } from './network-json.js';

export type { ImageShape } from './feature.js';
export type { LayerJson, NetworkJson } from './network-json.js';

/** A trainable tensor of a network. */
export interface ParameterSpec {
  /** Layer and tensor, such as `block1.expand.weight`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initialiser;
}

/** A running statistic of a network, such as a batch norm's mean. */
export type StatisticSpec = ParameterSpec;

/** A vector of architecture weights, shared by all mixtures that name it. */
export interface ArchitectureSpec {
  readonly name: string;
  /** [choices]. */
  readonly shape: readonly [number];
}

/** What is trained of a network, or of a part of it. */
export interface TrainedTensors {
  readonly parameters: readonly ParameterSpec[];
  readonly statistics: readonly StatisticSpec[];
  readonly architectureParameters: readonly ArchitectureSpec[];
}

/** An immutable network. Everything that can be counted is counted at first use and kept. */
export class Network implements TrainedTensors {
  readonly input: ImageShape;
  /** The image, from which all layers start. */
  readonly image: Feature;
  /** The layers that the output depends on, in the order in which they run. */
  readonly layers: readonly Layer[];
  readonly output: Feature;
  #cost: Cost | undefined;
  #parameters: readonly ParameterSpec[] | undefined;
  #statistics: readonly StatisticSpec[] | undefined;
  #architecture: readonly ArchitectureSpec[] | undefined;

  private constructor(graph: Graph, output: Feature) {
    this.input = graph.input;
    this.image = graph.image;
    this.output = output;
    this.layers = layersBefore(graph, output);
  }

  /**
   * Builds a network by applying layer functions to its image. Layers that the output does not depend on are left out.
   * Throws a `UsageError` that names the layer where shapes do not fit.
   */
  static build(input: ImageShape, body: (image: Feature) => Feature): Network {
    const graph = new Graph(input);
    const output = body(graph.image);
    if (output.graph !== graph) throw new Error(`the output "${output.name}" belongs to another network`);
    return new Network(graph, output);
  }

  /** Reads what {@link toJson} wrote. Throws a `UsageError` with the path to what is wrong, the value found and what is allowed. */
  static fromJson(json: unknown): Network {
    const { graph, output } = networkFromJson(json);
    return new Network(graph, output);
  }

  /** The network as plain data, which `fromJson` reads. */
  toJson(): NetworkJson {
    return networkToJson(this.input, this.layers, this.output);
  }

  /** Without the batch: [classes] for a classifier. */
  get outputShape(): Shape {
    return this.output.shape;
  }

  /** Trainable tensors in the order of the layers: the order of the flat vector of {@link Weights.parameters}. */
  get parameters(): readonly ParameterSpec[] {
    this.#parameters ??= tensorSpecs(this.layers, 'parameters');
    return this.#parameters;
  }

  /** Running statistics in the order of the layers: the order of the flat vector of {@link Weights.statistics}. */
  get statistics(): readonly StatisticSpec[] {
    this.#statistics ??= tensorSpecs(this.layers, 'statistics');
    return this.#statistics;
  }

  /** Architecture weights by name, in the order of their first use. Throws an `Error` if mixtures share a name, but not the number of branches. */
  get architectureParameters(): readonly ArchitectureSpec[] {
    this.#architecture ??= architectureSpecs(this.layers);
    return this.#architecture;
  }

  /** Parameters, multiply-accumulates and peak activation memory for one image. */
  cost(): Cost {
    this.#cost ??= costOf(this.image, this.layers, this.output);
    return this.#cost;
  }

  /** The cost of each layer, in the order of {@link layers}. */
  layerCosts(): LayerCost[] {
    return layerCostsOf(this.layers);
  }
}

/** What is trained of these layers, in their order. */
export const trainedTensors = (layers: readonly Layer[]): TrainedTensors => ({
  parameters: tensorSpecs(layers, 'parameters'),
  statistics: tensorSpecs(layers, 'statistics'),
  architectureParameters: architectureSpecs(layers),
});

function tensorSpecs(layers: readonly Layer[], which: 'parameters' | 'statistics'): ParameterSpec[] {
  return layers.flatMap(({ name, kind, inputs, attributes }) =>
    (kind[which]?.(inputs, attributes) ?? []).map((row) => ({ ...row, name: `${name}.${row.name}` })),
  );
}

/** The layers that the output depends on, in the order in which they were added. */
function layersBefore(graph: Graph, output: Feature): readonly Layer[] {
  const needed = new Uint8Array(graph.layers.length + 1);
  needed[output.index] = 1;
  let count = 0;
  for (let index = output.index; index > 0; index--) {
    const layer = graph.layers[index - 1];
    if (layer === undefined || needed[index] === 0) continue;
    count++;
    for (const input of layer.inputs) needed[input.index] = 1;
  }
  return count === graph.layers.length
    ? graph.layers.slice()
    : graph.layers.filter((layer) => needed[layer.index] === 1);
}

function architectureSpecs(layers: readonly Layer[]): ArchitectureSpec[] {
  const specs = new Map<string, ArchitectureSpec>();
  for (const { name, kind, inputs, attributes } of layers) {
    const row = kind.architecture?.(inputs, attributes);
    if (row === undefined) continue;
    const known = specs.get(row.name);
    if (known !== undefined && known.shape[0] !== row.size) {
      throw new Error(
        `"${name}" mixes ${row.size} branches by the architecture weights "${row.name}", which have ${known.shape[0]} elements`,
      );
    }
    specs.set(row.name, { name: row.name, shape: [row.size] });
  }
  return [...specs.values()];
}
