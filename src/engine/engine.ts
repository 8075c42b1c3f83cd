/** @file What runs ONNX models, on whatever platform: all that computes is handed one. */

/**
 * How numbers of each ONNX type lie in an array: `bool` as 0 and 1, `float16` as its bits; 64-bit integers as the nearest
 * floats, exact up to 2^53.
 */
export const elementArrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: Float64Array,
  uint64: Float64Array,
  bool: Uint8Array,
} as const;

/** The name of an ONNX element type. */
export type ElementType = keyof typeof elementArrays;

/** Elements of a named tensor; `shape` outermost axis first. */
export interface EngineArray {
  readonly shape: readonly number[];
  readonly data:
    | Float32Array
    | Float64Array
    | Int8Array
    | Uint8Array
    | Int16Array
    | Uint16Array
    | Int32Array
    | Uint32Array;
}

/** What a model's input takes. */
export interface EngineInput {
  readonly type: ElementType;
  /** Outermost axis first; `null` for a size that is free. */
  readonly shape: readonly (number | null)[];
}

/** A loaded ONNX model, which keeps nothing between runs. */
export interface EngineModel {
  /** What `run` must be given, by name. */
  readonly inputs: ReadonlyMap<string, EngineInput>;
  /** The shapes of what `run` gives, by name, as far as they are known before it runs: `null` for sizes that are not. */
  readonly outputs: ReadonlyMap<string, readonly (number | null)[]>;
  /**
   * Runs the model once. Arrays are read during the call; outputs are new, all of the model's, by name.
   *
   * Rejects where an input is missing, unknown, or of another type or shape, and where an output holds no numbers.
   */
  run(inputs: { readonly [name: string]: EngineArray }): Promise<Readonly<Record<string, EngineArray>>>;
  /** Frees the native memory; the model cannot run again. */
  release(): Promise<void>;
}

/** How a model is loaded. */
export interface EngineOptions {
  /** Threads that one operator may use. Default 1. */
  readonly threads?: number;
  /**
   * Whether the engine looks for a better graph, which takes half of the time to load. It gains nothing where the graph
   * was written for this processor's own layout. Default `true`.
   */
  readonly optimized?: boolean;
  /**
   * How often the model will run. Memory of its own, which it keeps, is fastest in the end but slow to use first; a model of
   * few runs shares that of the process, which the models before it have used. Default `many`.
   */
  readonly runs?: 'few' | 'many';
}

/**
 * Loads and runs ONNX models. With one thread the same inputs give the same outputs, bit for bit, in every run on one
 * machine: strategies are restored by replay, trainings repeated by their seeds.
 */
export interface Engine {
  /** Of the package that runs the models, such as `onnxruntime-node`. */
  readonly name: string;
  /** Of that package. */
  readonly version: string;
  /** What computes, such as `CPU`. */
  readonly device: string;
  /** Rejects where the engine cannot read or run the model. */
  load(model: Uint8Array, options?: EngineOptions): Promise<EngineModel>;
}

/** Such as `onnxruntime-node 1.30.0, CPU`. */
export const engineText = ({ name, version, device }: Engine): string => `${name} ${version}, ${device}`;
