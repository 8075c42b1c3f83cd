/** @file Weights on disk, in the safetensors format: a JSON header of names, shapes and places, then the numbers. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, WorkError } from '../error.js';
import type { Network, ParameterSpec } from '../nn/network.js';
import { layout, packTensors, type Weights } from '../nn/weights.js';
import { elementCount, sameShape, showShape } from '../tensor/shape.js';

const BYTES = Float32Array.BYTES_PER_ELEMENT;
/** The header's length comes first, as 64 bits, little-endian. */
const PREFIX = 8;

const headerSchema = z.record(
  z.string(),
  z.object({ dtype: z.literal('F32'), shape: z.array(z.int()), data_offsets: z.tuple([z.int(), z.int()]) }),
);

/** Writes all parameters and statistics under their names; the file appears whole or not at all. */
export async function writeWeights(path: string, network: Network, weights: Weights): Promise<void> {
  const entries = [
    ...headerEntries(network.parameters, 0),
    ...headerEntries(network.statistics, weights.parameters.length),
  ];
  const text = JSON.stringify(Object.fromEntries(entries));
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / PREFIX) * PREFIX));
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeBigUInt64LE(BigInt(header.length));
  const numbers = [weights.parameters, weights.statistics].map((data) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, Buffer.concat([prefix, header, ...numbers]));
    await rename(partial, path);
  } catch (error) {
    throw new WorkError(`The weights cannot be written to ${path}: ${messageOf(error)}.`);
  }
}

function headerEntries(specs: readonly ParameterSpec[], first: number) {
  return layout(specs).map(({ spec, start, end }) => [
    spec.name,
    { dtype: 'F32', shape: spec.shape, data_offsets: [(first + start) * BYTES, (first + end) * BYTES] },
  ]);
}

/**
 * Reads what {@link writeWeights} wrote for the same network.
 *
 * @throws WorkError where the file cannot be read, is damaged, or holds the tensors of another network.
 */
export async function readWeights(path: string, network: Network): Promise<Weights> {
  try {
    const arrays = parseTensors(await readFile(path), [...network.parameters, ...network.statistics]);
    return { parameters: packTensors(network.parameters, arrays), statistics: packTensors(network.statistics, arrays) };
  } catch (error) {
    throw new WorkError(`The weights in ${path} cannot be read: ${messageOf(error)}.`);
  }
}

/** The tensors of a file, which must be exactly those that are expected. */
function parseTensors(file: Buffer, expected: readonly ParameterSpec[]): Map<string, Float32Array> {
  const header = parseHeader(file);
  const known = new Map(expected.map((spec) => [spec.name, spec.shape]));
  const start = PREFIX + header.size;
  return new Map(
    Object.entries(header.tensors).map(
      ([
        name,
        {
          shape,
          data_offsets: [first, end],
        },
      ]) => {
        const wanted = known.get(name);
        if (wanted === undefined) throw new RangeError(`it holds "${name}", which the network does not have`);
        if (!sameShape(shape, wanted)) {
          throw new RangeError(`"${name}" is ${showShape(shape)}, but ${showShape(wanted)} in the network`);
        }
        if (first < 0 || end - first !== elementCount(shape) * BYTES || start + end > file.length) {
          throw new RangeError(
            `it is damaged: "${name}" would lie at bytes ${first} to ${end} of ${file.length - start}`,
          );
        }
        return [name, new Float32Array(Uint8Array.from(file.subarray(start + first, start + end)).buffer)];
      },
    ),
  );
}

function parseHeader(file: Buffer) {
  const size = file.length < PREFIX ? Number.POSITIVE_INFINITY : Number(file.readBigUInt64LE());
  if (size > file.length - PREFIX) throw new RangeError('it is no safetensors file, or is cut short');
  let json: unknown;
  try {
    json = JSON.parse(file.toString('utf8', PREFIX, PREFIX + size));
  } catch {
    throw new RangeError('it is no safetensors file: its header is not JSON');
  }
  const { data: tensors } = headerSchema.safeParse(json);
  if (tensors === undefined) throw new RangeError('its header does not list float32 tensors with shapes and places');
  return { size, tensors };
}
