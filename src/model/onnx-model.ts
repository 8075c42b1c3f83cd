/** @file An ONNX file as a deployment sees it: its input, its output, the classes that it names. */
import { readFile } from 'node:fs/promises';
import onnxProto from 'onnx-proto';
import { z } from 'zod';
import { messageOf, UsageError } from '../error.js';
import { readOnnxModel } from '../nn/onnx/model.js';

/** What is known of a classifier in an ONNX file before it runs. */
export interface OnnxModelFile {
  readonly file: string;
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
 * @throws UsageError where it cannot be read, is no ONNX model, or does not take images as [N, C, H, W]
 */
export async function readModelFile(file: string): Promise<OnnxModelFile> {
  const bytes = await readModelBytes(file);
  const { inputs, outputs } = about(file, () => readOnnxModel(bytes));
  const [input, ...others] = inputs;
  const [output] = outputs;
  if (input === undefined || output === undefined || others.length > 0) {
    throw new UsageError(
      `The model ${file} has the inputs ${inputs.map(({ name }) => name).join(', ') || 'none'}, but a classifier of images has one.`,
    );
  }
  const [batch = null, channels, height, width, ...rest] = input.shape;
  if (typeof channels !== 'number' || typeof height !== 'number' || typeof width !== 'number' || rest.length > 0) {
    const shape = input.shape.map((size) => size ?? '?').join(', ');
    throw new UsageError(
      `The input "${input.name}" of the model ${file} has the shape [${shape}], but images are [N, channels, height, width] with only N free.`,
    );
  }
  return {
    file,
    bytes,
    input: { name: input.name, batch, channels, height, width },
    output: outputs.includes('logits') ? 'logits' : output,
    classes: classesOf(bytes),
  };
}

/** The bytes of a model file. @throws UsageError where it cannot be read */
export async function readModelBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UsageError(
      missing ? `There is no model file ${file}.` : `The model file ${file} cannot be read (${messageOf(error)}).`,
    );
  }
}

/** Runs `body`; wrong usage that it finds is told with the name of the file, which those who read bytes do not know. */
export function about<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`The model file ${file} cannot be used. ${error.message}`);
    throw error;
  }
}

function classesOf(bytes: Uint8Array): readonly string[] | null {
  const { metadataProps = [] } = onnxProto.onnx.ModelProto.decode(bytes);
  const text = metadataProps?.find(({ key }) => key === 'classes')?.value;
  if (typeof text !== 'string') return null;
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    // Written by another program that means something else by the key.
    return null;
  }
}
