/** @file Features: what layers take and give while a network is built, and the graph that names the layers. */
import { UsageError } from '../error.js';
import { elementCount, type Shape, showShape } from '../tensor/shape.js';
import type { Input, LayerAttributes, LayerKind, MemoryUse } from './layer-kind.js';

/** The size of one image, without the batch. */
export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Name by which layers refer to the network's input. */
export const IMAGE = 'image';

/** What a layer takes and gives: a feature map [C, H, W] or a vector [F], the batch left out. Immutable. */
export class Feature implements Input {
  /** Elements of one image's feature. */
  readonly elements: number;

  constructor(
    readonly graph: Graph,
    /** Position among the features of the graph; those it is made of come before. The image has 0. */
    readonly index: number,
    /** Unique name with its scopes, such as `block1.expand`. */
    readonly name: string,
    readonly shape: Shape,
  ) {
    this.elements = elementCount(shape);
  }
}

/** Features that a layer is applied to: one at least. */
export type Features = readonly [Feature, ...Feature[]];

/** A layer, which is also the feature that it gives. */
export class Layer extends Feature {
  constructor(
    graph: Graph,
    index: number,
    name: string,
    shape: Shape,
    readonly kind: LayerKind,
    readonly inputs: Features,
    readonly attributes: LayerAttributes,
  ) {
    super(graph, index, name, shape);
  }

  /** Elements of one channel. */
  get channelElements(): number {
    return this.elements / (this.shape[0] ?? 1);
  }

  /** Whether the output needs memory of its own. */
  get memory(): MemoryUse {
    const { kind, inputs, attributes } = this;
    return kind.memory ?? (kind.channelwise?.(inputs, attributes) ? 'channelwise' : 'new');
  }
}

/** The layers of a network under construction, in the order in which they were applied. */
export class Graph {
  readonly image: Feature;
  readonly layers: Layer[] = [];
  /** How often a name was asked for, with its scopes. */
  readonly #uses = new Map<string, number>([[IMAGE, 1]]);
  #prefix = '';

  constructor(readonly input: ImageShape) {
    const shape = [input.channels, input.height, input.width];
    if (!isPositive(shape)) {
      throw new UsageError(
        `An image needs at least one channel, row and column, but its shape is ${showShape(shape)}.`,
      );
    }
    this.image = new Feature(this, 0, IMAGE, shape);
  }

  /** Appends a layer. `name` is its name without scopes; a name that is taken gets `_2`, `_3`, … */
  add<A extends LayerAttributes>(kind: LayerKind<A>, inputs: Features, attributes: A, name: string): Feature {
    const unique = this.#unique(this.#prefix + name);
    for (const input of inputs) {
      if (input.graph !== this) {
        throw new Error(`layer "${unique}" takes "${input.name}", which belongs to another network`);
      }
    }
    const shape = inferShape(kind, inputs, attributes, unique);
    const layer = new Layer(this, this.layers.length + 1, unique, shape, kind, inputs, attributes);
    this.layers.push(layer);
    return layer;
  }

  /** Runs `body` with `name.` before the names of the layers that it adds; a scope that is taken gets `_2`, `_3`, … */
  within<T>(name: string, body: () => T): T {
    const outer = this.#prefix;
    this.#prefix = `${this.#unique(outer + name)}.`;
    try {
      return body();
    } finally {
      this.#prefix = outer;
    }
  }

  #unique(name: string): string {
    const uses = (this.#uses.get(name) ?? 0) + 1;
    this.#uses.set(name, uses);
    // The suffixed name may itself be taken: ask for it in the same way.
    return uses === 1 ? name : this.#unique(`${name}_${uses}`);
  }
}

/**
 * Applies a layer kind to features: what every layer function ends in.
 * `name` defaults to the kind's name. Throws a `UsageError` that names the layer where shapes do not fit.
 */
export const addLayer = <A extends LayerAttributes>(
  kind: LayerKind<A>,
  inputs: Features,
  attributes: A,
  name: string = kind.kind,
): Feature => inputs[0].graph.add(kind, inputs, attributes, name);

/** Features that a layer takes any number of, but one at least. */
export function asFeatures(features: readonly Feature[], kind: string): Features {
  const [first, ...others] = features;
  if (first === undefined) throw new RangeError(`${kind} needs at least one feature, but was given none`);
  return [first, ...others];
}

/** Runs `body` on `x`, putting `name.` before the names of the layers that it adds. */
export const scope = (x: Feature, name: string, body: (x: Feature) => Feature): Feature =>
  x.graph.within(name, () => body(x));

function inferShape<A extends LayerAttributes>(
  kind: LayerKind<A>,
  inputs: Features,
  attributes: A,
  name: string,
): Shape {
  let shape: Shape;
  try {
    shape = kind.shape(inputs, attributes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `Layer "${name}" (${kind.kind} of ${inputs.map((input) => showShape(input.shape)).join(', ')}): ${error.message}.`,
    );
  }
  if (!isPositive(shape)) {
    const from = inputs.map((input) => showShape(input.shape)).join(', ');
    throw new UsageError(
      `Layer "${name}" (${kind.kind} of ${from}) would give ${showShape(shape)}: every size must be a whole number of at least 1. Use a larger image, or fewer strides.`,
    );
  }
  return shape;
}

function isPositive(shape: Shape): boolean {
  for (const size of shape) if (!(size >= 1 && Number.isInteger(size))) return false;
  return true;
}

/** The sizes [C, H, W] of a feature map. Throws a `RangeError` for a vector. */
export function mapShape(x: Input): readonly [channels: number, height: number, width: number] {
  const { shape } = x;
  if (isMapShape(shape)) return shape;
  throw new RangeError('it takes a feature map [channels, height, width]');
}

const isMapShape = (shape: Shape): shape is readonly [number, number, number] => shape.length === 3;
