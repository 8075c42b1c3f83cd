/** @file Named tensors as bytes, in the safetensors format: a JSON header of names, shapes and places, then the numbers. */
import { z } from 'zod';
import type { NamedShape } from '../nn/weights.js';
import { elementCount, type Shape, sameShape, showShape } from '../tensor/shape.js';

const BYTES = Float32Array.BYTES_PER_ELEMENT;
/** The header's length comes first, as 64 bits, little-endian. */
const PREFIX = 8;

export interface NamedTensor extends NamedShape {
  readonly data: Float32Array;
}

/** What a file says beside its tensors. */
export type TensorMetadata = { readonly [key: string]: string };

const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()).default({}) })
  .catchall(z.object({ dtype: z.literal('F32'), shape: z.array(z.int()), data_offsets: z.tuple([z.int(), z.int()]) }));

/** The bytes of a file. Equal tensors and metadata in one order give equal bytes. */
export function encodeTensors(tensors: readonly NamedTensor[], metadata: TensorMetadata = {}): Uint8Array {
  let size = 0;
  const places = tensors.map(({ name, shape, data }) => {
    const start = size;
    size += data.length * BYTES;
    return [name, { dtype: 'F32', shape, data_offsets: [start, size] }] as const;
  });
  const described = Object.keys(metadata).length > 0 && { __metadata__: metadata };
  const text = new TextEncoder().encode(JSON.stringify({ ...described, ...Object.fromEntries(places) }));
  const header = Math.ceil(text.length / PREFIX) * PREFIX;
  const file = new Uint8Array(PREFIX + header + size).fill(0x20, PREFIX, PREFIX + header);
  new DataView(file.buffer).setBigUint64(0, BigInt(header), true);
  file.set(text, PREFIX);
  tensors.forEach(({ data }, position) => {
    const start = places[position]?.[1].data_offsets[0] ?? 0;
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), PREFIX + header + start);
  });
  return file;
}

/** A file that was read. */
export class TensorFile {
  readonly metadata: TensorMetadata;
  readonly #tensors: ReadonlyMap<string, { readonly shape: Shape; readonly bytes: Uint8Array }>;

  /** @throws {RangeError} where something is wrong with the bytes, and what */
  constructor(file: Uint8Array) {
    const size =
      file.length < PREFIX
        ? Number.POSITIVE_INFINITY
        : Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
    if (size > file.length - PREFIX) throw new RangeError('it is no safetensors file, or is cut short');
    const { __metadata__: metadata, ...tensors } = parseHeader(file.subarray(PREFIX, PREFIX + size));
    const numbers = file.subarray(PREFIX + size);
    this.metadata = metadata;
    this.#tensors = new Map(
      Object.entries(tensors).map(
        ([
          name,
          {
            shape,
            data_offsets: [start, end],
          },
        ]) => {
          if (start < 0 || end - start !== elementCount(shape) * BYTES || end > numbers.length) {
            throw new RangeError(`it is damaged: "${name}" would lie at bytes ${start} to ${end} of ${numbers.length}`);
          }
          return [name, { shape, bytes: numbers.subarray(start, end) }];
        },
      ),
    );
  }

  get names(): readonly string[] {
    return [...this.#tensors.keys()];
  }

  /**
   * The numbers of a tensor, as a copy.
   *
   * @throws {RangeError} where it is missing or has another shape
   */
  tensor({ name, shape }: NamedShape): Float32Array {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw new RangeError(`it has no "${name}"`);
    if (!sameShape(tensor.shape, shape)) {
      throw new RangeError(`"${name}" is ${showShape(tensor.shape)}, where ${showShape(shape)} is expected`);
    }
    // A copy that begins at a multiple of four bytes, which `slice` of Node's buffers is not.
    return new Float32Array(Uint8Array.from(tensor.bytes).buffer);
  }
}

function parseHeader(text: Uint8Array): z.infer<typeof headerSchema> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(text));
  } catch {
    throw new RangeError('it is no safetensors file: its header is not JSON');
  }
  const { data } = headerSchema.safeParse(json);
  if (data === undefined) throw new RangeError('its header does not list float32 tensors with shapes and places');
  return data;
}
