/** @file Layer kinds: all that is true of one kind of layer stands in one row. */
import type { z } from 'zod';
import type { Json } from '../json.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Initialiser } from './initialiser.js';

/** Attributes of a layer are plain data: with the names of its inputs they say all that JSON needs. */
export type LayerAttributes = { readonly [name: string]: Json };

/** What a layer kind knows of a feature that a layer is applied to: its shape, without the batch. */
export interface Input {
  /** [C, H, W] or [F]. */
  readonly shape: Shape;
  readonly elements: number;
}

/** What a layer is applied to: one feature at least. */
export type Inputs = readonly [Input, ...Input[]];

/** A trainable tensor or a running statistic of one layer. */
export interface TensorRow {
  /** Name within the layer, such as `weight`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initial: Initialiser;
}

/** A vector of architecture weights that a layer reads; layers that give the same name share it. */
export interface ArchitectureRow {
  readonly name: string;
  /** Number of choices. */
  readonly size: number;
}

/** What a batch tells of a running statistic, which moves by `momentum` towards `factor` times the value. */
export interface Observation {
  readonly value: Tensor;
  readonly factor: number;
  readonly momentum: number;
}

/**
 * What becomes of a relaxed choice: all branches weighted by the softmax of the architecture weights (Liu et al. 2019, eq. 2);
 * one branch alone; or some branches, each times its element of the architecture weights, which then are gates (Cai et al.
 * 2019, eq. 3) and whose gradient is that of the gates.
 */
export type Choice = 'mixed' | { readonly path: number } | { readonly gates: readonly number[] };

/** How a layer is to be computed. */
export interface LayerReading {
  /**
   * Training normalises by the batch and drops out; inference uses running statistics and drops nothing. Flow lets everything
   * through, so that the network is linear: norms, activations and gates are identities, and nothing is shifted (Tanaka et
   * al. 2020, section 5).
   */
  readonly mode: 'training' | 'inference' | 'flow';
  /** Of a relaxed layer. */
  readonly choice: Choice;
}

/** What a layer's lowering sees of the network around it. Shapes have the batch in front. */
export interface LayerLowering<A extends LayerAttributes = LayerAttributes> extends LayerReading {
  /** Those that it reads, in their order. */
  readonly inputs: readonly [Tensor, ...Tensor[]];
  readonly attributes: A;
  /** Shape of the output. */
  readonly shape: Shape;
  /** One of the layer's parameters, by its name within the layer. */
  parameter(name: string): Tensor;
  /** One of the layer's running statistics, by its name within the layer. */
  statistic(name: string): Tensor;
  /** Says what this batch tells of a running statistic. */
  observe(name: string, observation: Observation): void;
  /** The layer's architecture weights. */
  architecture(): Tensor;
  /** Uniform noise in [0, 1) of the output's shape. */
  noise(): Tensor;
  /** Hands over the logits [N, classes] of a classifier beside the network's own, for the loss. */
  auxiliary(logits: Tensor): void;
}

/** Numbers of a layer by their names within it. */
export type LayerArrays = ReadonlyMap<string, Float32Array>;

/** A layer in its network, with its numbers. */
export interface Placed<A extends LayerAttributes = LayerAttributes> {
  readonly inputs: Inputs;
  readonly attributes: A;
  /** Its parameters and statistics. */
  readonly tensors: readonly TensorRow[];
  /** Their numbers, by name. */
  readonly arrays: LayerArrays;
}

/** For each channel of a new feature, the channel of the old one that it stands for; −1 for one that is new. */
export type ChannelMap = readonly number[];

/** The channels around a layer. */
export interface ChannelMaps {
  /** One an input. */
  readonly inputs: readonly ChannelMap[];
  readonly output: ChannelMap;
}

/** A channel of one of a layer's inputs. Channels are the first axis: those of [C, H, W], the elements of [F]. */
export interface Source {
  /** Position of the input. */
  readonly input: number;
  readonly channel: number;
}

/** A tensor that was taken over. */
export interface InheritedTensor {
  readonly numbers: Float32Array;
  /** How many of them come from the old tensor. */
  readonly taken: number;
}

/** The tensors of a layer that were taken over, by their names within it. */
export type InheritedTensors = ReadonlyMap<string, InheritedTensor>;

/**
 * What stays true of a kind of layer when networks change: which channels hang together, how its numbers follow a map of its
 * channels, and with which numbers it does nothing.
 */
export interface GrowthRule<A extends LayerAttributes> {
  /**
   * For a channel of the output, those channels of the inputs with which it is copied. None for one that the layer makes of
   * all, as a convolution does, which may be copied alone.
   */
  sources(inputs: Inputs, attributes: A, output: Shape): (channel: number) => readonly Source[];
  /** The attributes with other channels around it than those of `inputs`; as they are by default. */
  resize?(inputs: Inputs, attributes: A, maps: ChannelMaps): A;
  /**
   * The numbers of `from` at the places of `to`, whose own stay where they are new. A channel that has copies is read with
   * its weight divided by their number, and a new one with a weight of zero, so that the function stays. By default tensors
   * of equal shape are taken over whole, and no others.
   */
  inherit?(from: Placed<A>, to: Placed<A>, maps: ChannelMaps): InheritedTensors;
  /** The attributes with a window so many pixels wide, which keep the function; `undefined` where there are none. */
  enlarge?(attributes: A, window: number): A | undefined;
  /** The numbers with which it gives its input at inference; `undefined` where there are none. */
  identity?(layer: Placed<A>): LayerArrays | undefined;
  /** The numbers with which it gives zeros, whatever it reads; `undefined` where there are none. */
  silence?(layer: Placed<A>): LayerArrays | undefined;
  /** Whether applying it twice is applying it once. Default false. */
  isIdempotent?(attributes: A): boolean;
  /** Whether it adds its inputs: one of zeros changes nothing. Default false. */
  readonly isSum?: boolean;
  /** Whether it gives zeros, whatever it reads. Default false. */
  readonly isZero?: boolean;
}

/** x · scale + shift, one number a channel. */
export interface ChannelAffine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** How a layer treats memory: see `peakActivationElements`. */
export type MemoryUse = 'new' | 'channelwise' | 'in-place' | 'view';

/**
 * One kind of layer. Nothing else that counts, lowers, folds or exports knows a layer by its kind: a new one is one file
 * that calls {@link defineLayerKind} and exports a function that applies it. (The report has shorter words for some.)
 */
export interface LayerKind<A extends LayerAttributes = LayerAttributes> {
  /** Name of the kind in JSON and in automatic layer names. */
  readonly kind: string;
  /** Checks attributes that come from outside; attributes made by the layer function are not checked again. */
  readonly schema: z.ZodType<A>;
  /** Output shape, without the batch. Throws a `RangeError` that says which shapes it takes; the layer's name is added to it. */
  shape(inputs: Inputs, attributes: A): Shape;
  /** Trainable tensors; none by default. */
  parameters?(inputs: Inputs, attributes: A): readonly TensorRow[];
  /** Tensors that training keeps track of but no gradient changes; none by default. */
  statistics?(inputs: Inputs, attributes: A): readonly TensorRow[];
  /** Architecture weights, which are trained apart from parameters and are not counted as such; none by default. */
  architecture?(inputs: Inputs, attributes: A): ArchitectureRow;
  /** Multiply-accumulates for one image: 0 by default, as for all but convolutions and linear layers. */
  macs?(inputs: Inputs, attributes: A, output: Shape): number;
  /** Positions of the inputs that it reads, at least one: what nobody reads is not computed. All by default. */
  reads?(inputs: Inputs, reading: LayerReading): readonly number[];
  /** The layer as operations on tensors. */
  lower(lowering: LayerLowering<A>): Tensor;
  /** The affine map of channels that the layer is at inference, if it is one. */
  inferenceAffine?(attributes: A, arrays: LayerArrays): ChannelAffine;
  /** The same layer with an affine map of its output channels folded in: its attributes and parameters. */
  foldAffine?(
    attributes: A,
    arrays: LayerArrays,
    affine: ChannelAffine,
  ): { readonly attributes: A; readonly arrays: LayerArrays };
  /**
   * How it follows when the network around it changes: see `wider` and `inheritWeights`. Without it the channels around the
   * layer stay as they are, and its tensors are taken over whole.
   */
  readonly growth?: GrowthRule<A>;
  /** Whether the output needs memory of its own: `new` by default. */
  readonly memory?: MemoryUse;
  /** Whether it passes each element or stops it, by its sign, as ReLU does; none by default. */
  rectifies?(attributes: A): boolean;
  /** Whether it makes each channel of its output of the same channel of its input alone: its memory use is then `channelwise`. */
  channelwise?(inputs: Inputs, attributes: A): boolean;
}

const kinds = new Map<string, LayerKind>();

/** Makes a kind of layer known by its name, so that networks that use it can be read from JSON. */
export function defineLayerKind<A extends LayerAttributes>(row: LayerKind<A>): LayerKind<A> {
  if (kinds.has(row.kind)) throw new Error(`layer kind ${JSON.stringify(row.kind)} is defined twice`);
  kinds.set(row.kind, row);
  return row;
}

/** The kind of that name, if there is one. */
export const layerKind = (kind: string): LayerKind | undefined => kinds.get(kind);

/** Names of all kinds. */
export const layerKinds = (): string[] => [...kinds.keys()].sort();
