/** @file Weights in files beside a model are found there from anywhere, and nowhere else. */
import { cp, mkdir, mkdtemp, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import onnxProto, { type onnx as Proto } from 'onnx-proto';
import { beforeEach, expect, test } from 'vitest';
import { UsageError } from '../error.js';
import { countCost } from './cost.js';
import { evaluateModel } from './evaluate.js';
import { readModelFile } from './onnx-model.js';

const reference = new URL('../../test/reference/external-weights/', import.meta.url);
const { ModelProto } = onnxProto.onnx;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'nas-external-')), 'models');
  await cp(reference, folder, { recursive: true });
  file = join(folder, 'model.onnx');
});

/** Writes the model again with what its first tensor says of its data changed. */
async function rewrite(entries: { readonly [key: string]: string }): Promise<void> {
  const model = ModelProto.decode(await readFile(file));
  const tensor: Proto.ITensorProto = model.graph?.initializer?.[0] ?? {};
  const changed = { location: 'model.onnx.data', offset: '0', length: '2560', ...entries };
  tensor.externalData = Object.entries(changed).map(([key, value]) => ({ key, value }));
  await writeFile(file, ModelProto.encode(model).finish());
}

test('a classifier whose weights lie beside it is right, with another file of the name in the working folder', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'nas-elsewhere-'));
  const weights = await readFile(join(folder, 'model.onnx.data'));
  // The same classifier with its classes in another order.
  await writeFile(join(elsewhere, 'model.onnx.data'), Buffer.concat([weights.subarray(4), weights.subarray(0, 4)]));
  const before = process.cwd();
  process.chdir(elsewhere);
  try {
    const { accuracy } = await evaluateModel(file, { data: 'digits', threads: 1 });
    expect((100 * accuracy).toFixed(2)).toBe('97.03');
    expect(await countCost(file)).toMatchObject({ params: 650, macs: 640 });
  } finally {
    process.chdir(before);
  }
});

test('offset and length may be left out', async () => {
  await rewrite({ offset: '', length: '' });
  const inlined = (await readModelFile(file)).bytes;
  const tensor = ModelProto.decode(inlined).graph?.initializer?.[0];
  const data = await readFile(join(folder, 'model.onnx.data'));
  expect(Buffer.from(tensor?.rawData ?? []).equals(data.subarray(0, 2560))).toBe(true);
});

test('a folder below that of the model may hold the file, and a link within it may lead to it', async () => {
  await mkdir(join(folder, 'weights'));
  await cp(join(folder, 'model.onnx.data'), join(folder, 'weights', 'w.bin'));
  await symlink(join('weights', 'w.bin'), join(folder, 'linked.bin'));
  const { bytes } = await readModelFile(file);
  for (const location of ['weights/w.bin', './weights/w.bin', 'linked.bin']) {
    await rewrite({ location });
    expect((await readModelFile(file)).bytes).toEqual(bytes);
  }
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  ['no file', () => rewrite({ location: 'none.data' }), /none\.data beside it, which is not there\.$/],
  [
    'a file cut short',
    () => truncate(join(folder, 'model.onnx.data'), 2000),
    /has 2000 bytes, but its weights "w" are bytes 0 to 2560/,
  ],
  [
    'bytes behind the end',
    () => rewrite({ offset: '9999999' }),
    /has 2600 bytes, but its weights "w" are bytes 9999999 to 10002559/,
  ],
  ['a negative offset', () => rewrite({ offset: '-1' }), /The offset .* is "-1", which is no number of bytes\.$/],
  ['another length', () => rewrite({ length: '40' }), /"w" take 2560 bytes, but it names 40 of model\.onnx\.data\.$/],
  ['a folder', () => rewrite({ location: '.' }), /which is no file\.$/],
  ['a way out', () => rewrite({ location: '../w.data' }), /names "\.\.\/w\.data" .* from its own folder alone/],
  ['a way out in the words of Windows', () => rewrite({ location: '..\\w.data' }), /from its own folder alone/],
  ['an absolute path', () => rewrite({ location: '/etc/hostname' }), /from its own folder alone/],
  ['an address in memory', () => rewrite({ location: '*/_ORT_MEM_ADDR_/*', offset: '4096' }), /which is not there\.$/],
  [
    'a link out of the folder',
    async () => {
      await writeFile(join(folder, '..', 'w.data'), new Uint8Array(2600));
      await symlink(join('..', 'w.data'), join(folder, 'linked.bin'));
      await rewrite({ location: 'linked.bin' });
    },
    /names "linked\.bin" .* from its own folder alone/,
  ],
])('%s is an error that says so', async (_, change, message) => {
  await change();
  for (const load of [readModelFile, countCost]) {
    const loaded = load(file);
    await expect(loaded).rejects.toThrow(UsageError);
    await expect(loaded).rejects.toThrow(message);
  }
});

test('weights of more than 2 GiB are refused before they are read', async () => {
  const model = ModelProto.decode(await readFile(file));
  const tensor: Proto.ITensorProto = model.graph?.initializer?.[0] ?? {};
  tensor.dims = [1 << 20, 1 << 10];
  tensor.externalData = [{ key: 'location', value: 'model.onnx.data' }];
  await writeFile(file, ModelProto.encode(model).finish());
  await expect(readModelFile(file)).rejects.toThrow(/With its weights it takes 4\.0 GiB, and 2 GiB is the most/);
});
