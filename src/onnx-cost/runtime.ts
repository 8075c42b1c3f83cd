/** @file Where counting meets the engine: what a model's values are said to be before it runs, and what they were. */
import type { Engine, EngineModel } from '../engine/engine.js';
import { firstLineOf, UsageError } from '../error.js';
import { TRACE } from './traced-copy.js';

/**
 * Runs a traced copy.
 *
 * @throws {UsageError} where ONNX Runtime cannot load or run it
 */
export async function runTraced(engine: Engine, copy: Uint8Array): Promise<Int32Array> {
  const loaded = await load(engine, copy);
  try {
    const trace = (await loaded.run({}))[TRACE]?.data;
    if (!(trace instanceof Int32Array)) throw new TypeError('a traced copy gives an int32 vector');
    return trace;
  } catch (error) {
    throw new UsageError(`ONNX Runtime cannot run the model: ${firstLineOf(error)}.`);
  } finally {
    await loaded.release();
  }
}

/** The shapes that ONNX Runtime expects of a model's outputs before it runs; `null` for sizes that it does not know. */
export async function expectedShapes(engine: Engine, model: Uint8Array): Promise<EngineModel['outputs']> {
  const loaded = await load(engine, model);
  await loaded.release();
  return loaded.outputs;
}

async function load(engine: Engine, model: Uint8Array): Promise<EngineModel> {
  try {
    return await engine.load(model, { optimized: false });
  } catch (error) {
    throw new UsageError(`ONNX Runtime cannot load the model: ${firstLineOf(error)}.`);
  }
}
