/** @file The engine of Node.js: ONNX Runtime on the CPU. No other file imports it. */
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import type * as Ort from 'onnxruntime-node';
import { z } from 'zod';
import {
  type ElementType,
  type Engine,
  type EngineArray,
  type EngineInput,
  type EngineModel,
  elementArrays,
} from './engine.js';

type Runtime = typeof Ort;

const { version } = z
  .object({ version: z.string() })
  .parse(createRequire(import.meta.url)('onnxruntime-node/package.json'));

/** ONNX Runtime, loaded when the first model is. */
export const nodeEngine = (): Engine => ({
  name: 'onnxruntime-node',
  version,
  device: 'CPU',
  async load(model, { threads = 1, optimized = true, runs = 'many' } = {}) {
    const runtime = await loadRuntime();
    const session = await runtime.InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: optimized ? 'all' : 'disabled',
      enableCpuMemArena: runs === 'many',
      enableMemPattern: runs === 'many',
      // What goes wrong is thrown: errors are not written as well.
      logSeverityLevel: 4,
      // Numbers below 1e-38 cost a hundred times as much and mean nothing in training.
      extra: { session: { set_denormal_as_zero: '1' } },
    });
    return new Session(runtime, session);
  },
});

/**
 * ONNX Runtime tells its maker of its use, over the network, unless this variable of the environment is set before it
 * starts: https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md. Who sets it decides.
 */
async function loadRuntime(): Promise<Runtime> {
  process.env.ORT_DISABLE_TELEMETRY ??= '1';
  const choice = JSON.stringify(process.env.ORT_DISABLE_TELEMETRY);
  // A worker's `process.env` is a copy that native code does not see; the main thread's is the real one.
  if (!isMainThread) await evaluateInMainThread(`process.env.ORT_DISABLE_TELEMETRY ??= ${choice}`);
  return import('onnxruntime-node');
}

async function evaluateInMainThread(expression: string): Promise<void> {
  const { Session: Inspector } = await import('node:inspector');
  const inspector = new Inspector();
  inspector.connectToMainThread();
  // The answer alone does not keep the worker alive.
  const alive = setInterval(() => {}, 1000);
  try {
    await new Promise<void>((resolve, reject) => {
      inspector.post('Runtime.evaluate', { expression }, (error) => (error === null ? resolve() : reject(error)));
    });
  } finally {
    clearInterval(alive);
    inspector.disconnect();
  }
}

class Session implements EngineModel {
  readonly inputs: ReadonlyMap<string, EngineInput>;
  readonly outputs: ReadonlyMap<string, readonly (number | null)[]>;
  readonly #runtime: Runtime;
  readonly #session: Ort.InferenceSession;

  constructor(runtime: Runtime, session: Ort.InferenceSession) {
    this.inputs = new Map(session.inputMetadata.map((input) => [input.name, inputOf(input)]));
    this.outputs = new Map(
      session.outputMetadata.flatMap((each) => (each.isTensor ? [[each.name, sizesOf(each)]] : [])),
    );
    this.#runtime = runtime;
    this.#session = session;
  }

  async run(inputs: { readonly [name: string]: EngineArray }): Promise<Record<string, EngineArray>> {
    const feeds = Object.entries(inputs).map(([name, array]) => [name, this.#tensor(name, array)]);
    const results = await this.#session.run(Object.fromEntries(feeds));
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, arrayOf(name, tensor)]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #tensor(name: string, { shape, data }: EngineArray): Ort.Tensor {
    const type = this.inputs.get(name)?.type;
    if (type === undefined) throw new RangeError(`the model has no input ${name}`);
    if (!(data instanceof elementArrays[type])) throw new TypeError(`input ${name} takes elements of type ${type}`);
    return new this.#runtime.Tensor(type, isLong(type) ? longs(type, data) : data, shape);
  }
}

function inputOf(input: Ort.InferenceSession.ValueMetadata): EngineInput {
  const type = input.isTensor ? input.type : 'no tensor';
  if (!input.isTensor || !isElementType(type)) throw new TypeError(`input ${input.name} takes no numbers (${type})`);
  return { type, shape: sizesOf(input) };
}

const sizesOf = ({ shape }: Ort.InferenceSession.TensorValueMetadata): (number | null)[] =>
  shape.map((size) => (typeof size === 'number' && size >= 0 ? size : null));

function arrayOf(name: string, { type, dims: shape, data }: Ort.Tensor): EngineArray {
  if (!isElementType(type)) throw new TypeError(`output ${name} holds no numbers (${type})`);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return { shape, data: Float64Array.from(data, Number) };
  }
  if (data instanceof elementArrays[type]) return { shape, data };
  // Half floats, where JavaScript has an array for them.
  if (ArrayBuffer.isView(data))
    return { shape, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) };
  throw new TypeError(`output ${name} holds no numbers (${type})`);
}

const isElementType = (type: string): type is ElementType => Object.hasOwn(elementArrays, type);

const isLong = (type: ElementType): type is 'int64' | 'uint64' => type === 'int64' || type === 'uint64';

const longs = (type: 'int64' | 'uint64', data: EngineArray['data']): BigInt64Array | BigUint64Array =>
  type === 'int64' ? BigInt64Array.from(data, BigInt) : BigUint64Array.from(data, BigInt);
