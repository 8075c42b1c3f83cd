/** @file ONNX Runtime sessions: a model's bytes in, named arrays in and out. */
import * as ort from 'onnxruntime-node';

export interface SessionOptions {
  /** Intra-op threads. One makes results the same, bit for bit, in every run. Default 1. */
  readonly threads?: number;
  /**
   * Whether ONNX Runtime looks for a better graph, which takes half of the time to load. It gains nothing where the graph
   * was written for this processor's own layout. Default `true`.
   */
  readonly optimized?: boolean;
}

/** Elements of a named tensor; `shape` outermost axis first. */
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** A loaded model. */
export class Session {
  readonly #session: ort.InferenceSession;

  /** The names of what `run` must be given. */
  get inputs(): readonly string[] {
    return this.#session.inputNames;
  }

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  /** Loads a model for the CPU. Rejects where ONNX Runtime cannot. */
  static async load(model: Uint8Array, { threads = 1, optimized = true }: SessionOptions = {}): Promise<Session> {
    const session = await ort.InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: optimized ? 'all' : 'disabled',
      logSeverityLevel: 3,
      // Numbers below 1e-38 cost a hundred times as much and mean nothing in training.
      extra: { session: { set_denormal_as_zero: '1' } },
    });
    return new Session(session);
  }

  /** Runs the model once. Arrays are read during the call; outputs are new. */
  async run(inputs: { readonly [name: string]: NamedArray }): Promise<Record<string, NamedArray>> {
    const feeds: Record<string, ort.Tensor> = {};
    for (const [name, { shape, data }] of Object.entries(inputs)) feeds[name] = ortTensor(data, shape);
    const results = await this.#session.run(feeds);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, namedArray(name, tensor)]));
  }

  /** Frees the native memory; the session cannot run again. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

function ortTensor(data: NamedArray['data'], shape: readonly number[]): ort.Tensor {
  if (data instanceof Float32Array) return new ort.Tensor('float32', data, shape);
  return data instanceof Int32Array ? new ort.Tensor('int32', data, shape) : new ort.Tensor('bool', data, shape);
}

function namedArray(name: string, { dims, data }: ort.Tensor): NamedArray {
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array)
    return { shape: dims, data };
  throw new TypeError(`output ${name} holds elements that are no float32, int32 or bool`);
}
