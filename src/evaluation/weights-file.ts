/** @file Weights on disk, in the safetensors format: a JSON header of names, shapes and places, then the numbers. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, WorkError } from '../error.js';
import type { Network, ParameterSpec } from '../nn/network.js';
import { layout, packTensors, type Weights } from '../nn/weights.js';

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

/** Reads what {@link writeWeights} wrote for the same network. Throws a `WorkError` where the file does not fit it. */
export async function readWeights(path: string, network: Network): Promise<Weights> {
  try {
    const file = await readFile(path);
    const length = Number(file.readBigUInt64LE());
    const header = headerSchema.parse(JSON.parse(file.toString('utf8', PREFIX, PREFIX + length)));
    const arrays = new Map(
      Object.entries(header).map(
        ([
          name,
          {
            data_offsets: [start, end],
          },
        ]) => {
          const bytes = Uint8Array.from(file.subarray(PREFIX + length + start, PREFIX + length + end));
          return [name, new Float32Array(bytes.buffer)];
        },
      ),
    );
    return { parameters: packTensors(network.parameters, arrays), statistics: packTensors(network.statistics, arrays) };
  } catch (error) {
    throw new WorkError(`The weights in ${path} cannot be read: ${messageOf(error)}.`);
  }
}
