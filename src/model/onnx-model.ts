/** @file An ONNX file as a deployment sees it: its input, its output, the classes that it names. */
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, UsageError } from '../error.js';
import { readOnnxModel } from '../onnx-cost/graph.js';
import { readRegularFile } from '../regular-file.js';
import { MOST_MODEL_BYTES, withExternalData } from './external-data.js';

/** What is known of a classifier in an ONNX file before it runs. */
export interface OnnxModelFile {
  readonly file: string;
  /** The model with all its weights, also those that lie in other files. */
  readonly bytes: Uint8Array;
  readonly input: {
    readonly name: string;
    /** `null` where the model takes any number of images at once. */
    readonly batch: number | null;
    readonly channels: number;
    readonly height: number;
    readonly width: number;
  };
  /** The output to judge by: `logits` where there is one of that name, else the first. */
  readonly output: string;
  /** Names of the classes in the model's metadata, as `exportOnnx` writes them; `null` where there are none. */
  readonly classes: readonly string[] | null;
}

/**
 * Reads a model file.
 *
 * @throws {UsageError} where it or the files with its weights cannot be read, it is no ONNX model, or does not take images
 * as [N, C, H, W]
 */
export async function readModelFile(file: string): Promise<OnnxModelFile> {
  const bytes = await readModelBytes(file);
  const { inputs, outputs, metadata } = await about(file, () => readOnnxModel(bytes));
  const [input, ...others] = inputs;
  const [output] = outputs;
  if (input === undefined || output === undefined || others.length > 0) {
    throw new UsageError(
      `The model ${file} has the inputs ${inputs.map(({ name }) => name).join(', ') || 'none'}, but a classifier of images has one.`,
    );
  }
  const [batch = null, channels, height, width, ...rest] = input.shape ?? [];
  if (typeof channels !== 'number' || typeof height !== 'number' || typeof width !== 'number' || rest.length > 0) {
    const shape = (input.shape ?? []).map((size) => (typeof size === 'number' ? size : '?')).join(', ');
    throw new UsageError(
      `The input "${input.name}" of the model ${file} has the shape [${shape}], but images are [N, channels, height, width] with only N free.`,
    );
  }
  return {
    file,
    bytes,
    input: { name: input.name, batch: typeof batch === 'number' ? batch : null, channels, height, width },
    output: outputs.includes('logits') ? 'logits' : output,
    classes: classesOf(metadata.get('classes')),
  };
}

/**
 * The bytes of a model file, with all weights that it names in other files.
 *
 * @throws {UsageError} where it or one of these cannot be read, or it is no ONNX model
 */
export async function readModelBytes(file: string): Promise<Uint8Array> {
  const bytes = await readBytes(file);
  return about(file, () => withExternalData(bytes, file));
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > MOST_MODEL_BYTES) {
      throw new RangeError(`it has ${(size / 2 ** 30).toFixed(1)} GiB, and 2 GiB is the most that ONNX Runtime takes`);
    }
    return await readRegularFile(file);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UsageError(
      missing ? `There is no model file ${file}.` : `The model file ${file} cannot be read (${messageOf(error)}).`,
    );
  }
}

/** Runs `body`; wrong usage that it finds is told with the name of the file, which those who read bytes do not know. */
export async function about<T>(file: string, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`The model file ${file} cannot be used. ${error.message}`);
    throw error;
  }
}

function classesOf(text: string | undefined): readonly string[] | null {
  if (text === undefined) return null;
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    // Written by another program that means something else by the key.
    return null;
  }
}
