/** @file The UCI hand-written digits that are shipped with the project. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { messageOf, WorkError } from '../error.js';
import type { ImageSource } from './source.js';

const side = 8;
const file = fileURLToPath(new URL('../../data/digits.csv.gz', import.meta.url));

/** 1,797 grey images of 8×8 pixels; the values 0 to 16 of the file are scaled to 0 to 255. */
export async function readDigits(): Promise<ImageSource> {
  const rows = (await readShipped()).trim().split('\n');
  const pixels = new Uint8Array(rows.length * side * side);
  const labels = new Uint16Array(rows.length);
  for (const [index, row] of rows.entries()) {
    const values = row.split(',').map(Number);
    labels[index] = values.pop() ?? 0;
    pixels.set(
      values.map((value) => Math.round((value * 255) / 16)),
      index * side * side,
    );
  }
  return {
    name: 'digits',
    classes: Array.from('0123456789'),
    origin: 'Optical Recognition of Handwritten Digits (Alpaydin and Kaynak 1998, UCI), as packaged by scikit-learn.',
    split: 'The source is one set of images without splits',
    mirrorInvariant: false,
    notices: [],
    testFraction: 0.15,
    train: { count: rows.length, channels: 1, height: side, width: side, pixels, labels },
    valid: null,
    test: null,
  };
}

async function readShipped(): Promise<string> {
  try {
    return (await promisify(gunzip)(await readFile(file))).toString();
  } catch (error) {
    throw new WorkError(
      `The digits that are shipped with nasturtium cannot be read (${messageOf(error)}): install it anew.`,
    );
  }
}
