/** @file Weights that lie in files beside a model (`model.onnx.data`): brought into the model, from its own folder alone. */
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep, win32 } from 'node:path';
import onnxProto, { type onnx as Proto } from 'onnx-proto';
import { messageOf, UsageError } from '../error.js';
import { elementBytes } from '../onnx-cost/element-bytes.js';
import { decodeModel } from '../onnx-cost/graph.js';
import { elementCount } from '../tensor/shape.js';

const { ModelProto, TensorProto } = onnxProto.onnx;

/** A protobuf message, which an ONNX model is, holds less than 2 GiB. */
export const MOST_MODEL_BYTES = 2 ** 31 - 1;

/**
 * The model with all of its weights in itself, so that it can be run without its files. A model that has no others comes
 * back as it is.
 *
 * @param bytes of the model file
 * @param file where it lies: files that it names are sought in its folder, whatever the working folder is
 * @throws {UsageError} where the bytes are no model; where a file that it names is missing, too short or outside the
 * model's folder; and where model and weights are larger than 2 GiB together
 */
export async function withExternalData(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const model = decodeModel(bytes);
  const tensors = tensorsOf(model).filter(({ dataLocation }) => dataLocation === TensorProto.DataLocation.EXTERNAL);
  if (tensors.length === 0) return bytes;
  const places = tensors.map((tensor) => ({ tensor, ...placeOf(tensor) }));
  const total = places.reduce((sum, { length }) => sum + length, bytes.byteLength);
  if (total > MOST_MODEL_BYTES) {
    throw new UsageError(
      `With its weights it takes ${(total / 2 ** 30).toFixed(1)} GiB, and 2 GiB is the most that ONNX Runtime takes at once.`,
    );
  }
  const files = new DataFiles(dirname(file));
  try {
    for (const { tensor, ...place } of places) {
      tensor.rawData = await files.read(place);
      tensor.dataLocation = TensorProto.DataLocation.DEFAULT;
      tensor.externalData = [];
    }
  } finally {
    await files.close();
  }
  return ModelProto.encode(model).finish();
}

/** Where a tensor's bytes lie. */
interface Place {
  readonly name: string;
  /** The file, from the model's folder. */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

function placeOf({ name, dims, dataType, externalData }: Proto.ITensorProto): Place {
  const entries = new Map((externalData ?? []).map(({ key, value }) => [key ?? '', value ?? '']));
  const location = entries.get('location') ?? '';
  const needed = Math.ceil(elementCount((dims ?? []).map(Number)) * elementBytes(dataType ?? 0));
  const whole = (key: string, otherwise: number): number => {
    const text = entries.get(key);
    if (text === undefined || text === '') return otherwise;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
    throw new UsageError(
      `The ${key} of its weights "${name}" in ${location} is "${text}", which is no number of bytes.`,
    );
  };
  const [offset, length] = [whole('offset', 0), whole('length', needed)];
  if (length === needed || length === 0) return { name: name ?? '', location, offset, length: needed };
  throw new UsageError(`Its weights "${name}" take ${needed} bytes, but it names ${length} of ${location}.`);
}

/** The files that a model names, each opened once. */
class DataFiles {
  readonly #folder: string;
  readonly #open = new Map<string, Promise<{ handle: FileHandle; size: number }>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read({ name, location, offset, length }: Place): Promise<Uint8Array> {
    let opened = this.#open.get(location);
    if (opened === undefined) {
      opened = this.#find(location);
      this.#open.set(location, opened);
    }
    const { handle, size } = await opened;
    if (offset + length > size) {
      throw new UsageError(
        `Its file ${location} has ${size} bytes, but its weights "${name}" are bytes ${offset} to ${offset + length}: the file is cut short, or belongs to another model.`,
      );
    }
    const data = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await handle.read(data, done, length - done, offset + done);
      if (bytesRead === 0) throw new UsageError(`Its file ${location} became shorter while it was read.`);
      done += bytesRead;
    }
    return data;
  }

  async close(): Promise<void> {
    for (const opened of this.#open.values()) {
      await opened.then(
        ({ handle }) => handle.close(),
        // It could not be opened.
        () => undefined,
      );
    }
  }

  async #find(location: string): Promise<{ handle: FileHandle; size: number }> {
    const outside = new UsageError(
      `It names "${location}" for its weights, but they are read from its own folder alone: put the file beside the model.`,
    );
    const steps = location.split(/[/\\]/);
    if (location === '' || isAbsolute(location) || win32.isAbsolute(location) || steps.includes('..')) throw outside;
    const folder = await realpath(this.#folder);
    let path: string;
    try {
      path = await realpath(resolve(folder, location));
    } catch (error) {
      const isMissing =
        error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
      throw new UsageError(
        isMissing
          ? `Its weights lie in a file ${location} beside it, which is not there.`
          : `Its file ${location} cannot be read (${messageOf(error)}).`,
      );
    }
    // A link may lead away.
    const way = relative(folder, path);
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw outside;
    const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (!isFile) throw new UsageError(`It names "${location}" for its weights, which is no file.`);
    try {
      return { handle: await open(path), size };
    } catch (error) {
      throw new UsageError(`Its file ${location} cannot be read (${messageOf(error)}).`);
    }
  }
}

function tensorsOf(model: Proto.IModelProto): Proto.ITensorProto[] {
  const inSparse = ({ values, indices }: Proto.ISparseTensorProto) => [values, indices].flatMap((each) => each ?? []);
  const inNodes = (nodes: readonly Proto.INodeProto[]): Proto.ITensorProto[] =>
    nodes.flatMap(({ attribute }) =>
      (attribute ?? []).flatMap(({ t, tensors, sparseTensor, sparseTensors, g, graphs }) => [
        ...(t ? [t] : []),
        ...(tensors ?? []),
        ...[...(sparseTensor ? [sparseTensor] : []), ...(sparseTensors ?? [])].flatMap(inSparse),
        ...[...(g ? [g] : []), ...(graphs ?? [])].flatMap(inGraph),
      ]),
    );
  const inGraph = ({ initializer, sparseInitializer, node }: Proto.IGraphProto): Proto.ITensorProto[] => [
    ...(initializer ?? []),
    ...(sparseInitializer ?? []).flatMap(inSparse),
    ...inNodes(node ?? []),
  ];
  return [...inGraph(model.graph ?? {}), ...(model.functions ?? []).flatMap(({ node }) => inNodes(node ?? []))];
}
