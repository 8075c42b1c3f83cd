/** @file Reads one array in NumPy's .npy format. */
import { UsageError } from '../error.js';

/** An array as the file has it, in C order. */
export interface NpyArray {
  /** Such as `uint8`, `int64`, `float32`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly littleEndian: boolean;
  readonly itemBytes: number;
  readonly bytes: Uint8Array;
}

const kinds: { readonly [letter: string]: string } = { u: 'uint', i: 'int', f: 'float', b: 'bool', c: 'complex' };

/**
 * Parses the header (NumPy Enhancement Proposal 1: magic, version, length, a Python dictionary) and checks the size.
 *
 * @param where how messages name the array.
 * @throws {UsageError} where it is anything else than a plain array in C order
 */
export function parseNpy(bytes: Uint8Array, where: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== 0x934e554d || view.getUint16(4) !== 0x5059) {
    throw new UsageError(`${where} is no NumPy array: it does not begin with the header of a .npy file.`);
  }
  const wide = view.getUint8(6) >= 2;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const type = /'descr':\s*'([<>|=]?)(\w)(\d+)'/.exec(header);
  const shapeText = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  const [, order, letter = '', size] = type ?? [];
  const kind = kinds[letter];
  if (kind === undefined || shapeText === undefined) {
    throw new UsageError(`${where} is no plain array of numbers (its header is ${header.trim()}).`);
  }
  const shape = shapeText.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  if (/'fortran_order':\s*True/.test(header) && shape.length > 1) {
    throw new UsageError(`${where} is stored in Fortran order: save it with numpy.ascontiguousarray.`);
  }
  const itemBytes = Number(size);
  const data = bytes.subarray(end);
  const expected = shape.reduce((product, dimension) => product * dimension, itemBytes);
  if (data.length !== expected) {
    throw new UsageError(
      `${where} should hold ${expected} bytes, as its shape (${shape.join(', ')}) says, but holds ${data.length}: it is damaged.`,
    );
  }
  const dtype = kind === 'bool' ? kind : `${kind}${8 * itemBytes}`;
  return { dtype, shape, littleEndian: order !== '>', itemBytes, bytes: data };
}

/** The values of an array of any integer type, as numbers; `null` where the type is another one. */
export function integersOf({ dtype, shape, littleEndian, itemBytes, bytes }: NpyArray): number[] | null {
  const signed = dtype.startsWith('int');
  if (!signed && !dtype.startsWith('uint')) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readers: { readonly [itemBytes: number]: (at: number) => number } = {
    1: (at) => (signed ? view.getInt8(at) : view.getUint8(at)),
    2: (at) => (signed ? view.getInt16(at, littleEndian) : view.getUint16(at, littleEndian)),
    4: (at) => (signed ? view.getInt32(at, littleEndian) : view.getUint32(at, littleEndian)),
    8: (at) => Number(signed ? view.getBigInt64(at, littleEndian) : view.getBigUint64(at, littleEndian)),
  };
  const read = readers[itemBytes];
  if (read === undefined) return null;
  const count = shape.reduce((product, dimension) => product * dimension, 1);
  return Array.from({ length: count }, (_, index) => read(index * itemBytes));
}
