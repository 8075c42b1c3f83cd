/** @file Reads the binary files of CIFAR-10. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../error.js';
import { listFolder, readBinaryFile } from './binary-file.js';
import type { Images } from './dataset.js';
import { defaultTestFraction, type ImageSource, ownSplits } from './source.js';

const side = 32;
const pixelBytes = 3 * side * side;
/** One label byte, then 1,024 bytes each of red, green and blue. */
const recordBytes = 1 + pixelBytes;

export const cifar10Classes: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

/** The folder that the archive of the CIFAR-10 page unpacks to. */
const archiveFolder = 'cifar-10-batches-bin';
const binaryFile = /\.bin(\.gz)?$/;
const testFile = /^test/;

/** Whether a folder with these entries holds CIFAR-10 binary files, itself or one level down as the archive unpacks. */
export const holdsCifar10 = (entries: readonly string[]): boolean =>
  entries.some((name) => binaryFile.test(name) || name === archiveFolder);

/**
 * Reads `data_batch_*.bin` and `test_batch.bin`; files of other names that end in `.bin` are training images too, test
 * images where the name begins with `test`. Each may be gzip'd.
 *
 * @throws {UsageError} where there are none, a file is no whole number of records, or a label is above 9
 */
export async function readCifar10Folder(folder: string): Promise<ImageSource> {
  const nested = join(folder, archiveFolder);
  const place = (await isFolder(nested)) ? nested : folder;
  const all = (await listFolder(place)).filter((name) => binaryFile.test(name));
  // A file that lies there both plain and gzip'd is read once.
  const files = all.filter((name) => !(name.endsWith('.gz') && all.includes(name.slice(0, -3))));
  const trainFiles = files.filter((name) => !testFile.test(name));
  const testFiles = files.filter((name) => testFile.test(name));
  if (trainFiles.length === 0) {
    throw new UsageError(
      `The folder ${place} holds no training images of CIFAR-10: files such as data_batch_1.bin (or data_batch_1.bin.gz) are needed.`,
    );
  }
  const test = testFiles.length > 0 ? await readRecords(place, testFiles) : null;
  return {
    name: 'cifar10',
    classes: cifar10Classes,
    origin: `CIFAR-10 (Krizhevsky 2009), binary files in ${place}.`,
    split: ownSplits('CIFAR-10 files', null, test),
    mirrorInvariant: true,
    notices: [],
    testFraction: defaultTestFraction,
    train: await readRecords(place, trainFiles),
    valid: null,
    test,
  };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function readRecords(folder: string, names: readonly string[]): Promise<Images> {
  const files: Uint8Array[] = [];
  for (const name of names) files.push(await readRecordFile(join(folder, name)));
  const count = files.reduce((sum, bytes) => sum + bytes.length / recordBytes, 0);
  const pixels = new Uint8Array(count * pixelBytes);
  const labels = new Uint16Array(count);
  let image = 0;
  for (const bytes of files) {
    for (let at = 0; at < bytes.length; at += recordBytes) {
      labels[image] = bytes[at] ?? 0;
      pixels.set(bytes.subarray(at + 1, at + recordBytes), image * pixelBytes);
      image++;
    }
  }
  return { count, channels: 3, height: side, width: side, pixels, labels };
}

async function readRecordFile(path: string): Promise<Uint8Array> {
  const bytes = await readBinaryFile(path);
  if (bytes.length === 0 || bytes.length % recordBytes !== 0) {
    throw new UsageError(
      `${path} has ${bytes.length} bytes, which is no whole number of CIFAR-10 records of ${recordBytes} bytes (1 label, 3,072 pixels): it is damaged, or another kind of file.`,
    );
  }
  for (let at = 0; at < bytes.length; at += recordBytes) {
    const label = bytes[at] ?? 0;
    if (label < cifar10Classes.length) continue;
    throw new UsageError(
      `${path} has the label ${label} at record ${at / recordBytes}, but CIFAR-10 has the labels 0 to 9.`,
    );
  }
  return bytes;
}
