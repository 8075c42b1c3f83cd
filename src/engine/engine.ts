/** @file What runs the networks that strategies train: passed in from outside, as strategies do no I/O. */

/** Elements of a named tensor; `shape` outermost axis first. */
export interface EngineArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** A loaded ONNX model, which keeps nothing between runs. */
export interface EngineModel {
  run(inputs: { readonly [name: string]: EngineArray }): Promise<Readonly<Record<string, EngineArray>>>;
  /** Frees the native memory; the model cannot run again. */
  release(): Promise<void>;
}

/**
 * Loads ONNX models. The same inputs must give the same outputs, bit for bit, in every run on one machine: a strategy is
 * restored by replay. `{ load: Session.load }` of the runtime room, with its one thread, is one.
 */
export interface Engine {
  load(model: Uint8Array): Promise<EngineModel>;
}
