import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkError } from '../error.js';
import { ArtifactFiles } from './artifact-files.js';

let parent: string;
let files: ArtifactFiles;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'nasturtium-artifacts-'));
  files = new ArtifactFiles(join(parent, 'studies.db-artifacts'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const bytesOf = (text: string) => new TextEncoder().encode(text);
const put = async (text: string) => (await files.put(bytesOf(text))).digest;
const fileOf = (digest: string) => join(files.folder, digest);
const names = () => readdirSync(files.folder).sort();
const age = (name: string, seconds: number) => utimesSync(fileOf(name), new Date(), Date.now() / 1000 - seconds);
const never = new Set<string>();

describe('artefacts', () => {
  it('come back by the SHA-256 of their bytes', async () => {
    const { digest, bytes } = await files.put(bytesOf('abc'));
    // FIPS 180-4, example B.1.
    expect(digest).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(bytes).toBe(3);
    expect(Buffer.from(await files.get({ digest })).toString()).toBe('abc');
    expect(Buffer.from(await new ArtifactFiles(files.folder).get({ digest })).toString()).toBe('abc');
  });

  it('that are equal are one file, also when they are put at once', async () => {
    const stores = Array.from({ length: 6 }, () => new ArtifactFiles(files.folder));
    const large = new Uint8Array(300_000).map((_, index) => index);
    const results = await Promise.all([...stores, ...stores].map((store) => store.put(large)));
    expect(new Set(results.map(({ digest }) => digest)).size).toBe(1);
    expect(names()).toEqual([createHash('sha256').update(large).digest('hex')]);
  });

  it('that are missing or damaged are one sentence', async () => {
    const digest = await put('weights');
    writeFileSync(fileOf(digest), 'weightz');
    await expect(files.get({ digest })).rejects.toThrow(/^The file [^\n]* is damaged: [^\n]*$/);
    rmSync(fileOf(digest));
    await expect(files.get({ digest })).rejects.toThrow(WorkError);
    await expect(files.get({ digest })).rejects.toThrow(/^The file [^\n]* is missing\. [^\n]*$/);
    await expect(files.get({ digest: '../../etc/passwd' })).rejects.toThrow(/no SHA-256/);
  });

  it('that are damaged are mended when they are put again', async () => {
    const digest = await put('weights');
    writeFileSync(fileOf(digest), 'weightz');
    await put('weights');
    expect(readFileSync(fileOf(digest), 'utf8')).toBe('weights');
  });

  it('that cannot be written leave nothing behind', async () => {
    writeFileSync(join(parent, 'file'), '');
    await expect(new ArtifactFiles(join(parent, 'file')).put(bytesOf('x'))).rejects.toThrow(WorkError);
    await expect(new ArtifactFiles(join(parent, 'file')).put(bytesOf('x'))).rejects.toThrow(/cannot be written/);
    const digest = await put('old');
    rmSync(fileOf(digest));
    // A folder in the way of the last step.
    mkdirSync(fileOf(digest));
    await expect(put('old')).rejects.toThrow(WorkError);
    expect(names()).toEqual([digest]);
  });
});

describe('collecting artefacts', () => {
  it('removes what is not kept, and says how much', async () => {
    const [kept, dropped] = [await put('kept'), await put('drop')];
    const stale = 'left-by-a-killed-process.partial';
    writeFileSync(fileOf(stale), 'half');
    writeFileSync(fileOf('notes.txt'), 'of the user');
    const collected = await files.collect(new Set([kept]), Date.now() + 1);
    expect(collected).toEqual({ removed: { files: 2, bytes: 8 }, kept: { files: 1, bytes: 4 } });
    expect(names()).toEqual([kept, 'notes.txt'].sort());
    await expect(files.get({ digest: dropped })).rejects.toThrow(/missing/);
  });

  it('leaves what was put lately, also where it was there before', async () => {
    const [old, renewed, fresh] = [await put('old'), await put('renewed'), await put('fresh')];
    for (const digest of [old, renewed]) age(digest, 100);
    await put('renewed');
    expect(await files.collect(never, Date.now() - 50_000)).toMatchObject({
      removed: { files: 1 },
      kept: { files: 2 },
    });
    expect(names()).toEqual([renewed, fresh].sort());
  });

  it('does not lose what is put while it collects', async () => {
    const digest = await put('again and again');
    for (let round = 0; round < 30; round++) {
      age(digest, 100);
      const before = Date.now() - 50_000;
      await Promise.all([files.collect(never, before), put('again and again'), files.collect(never, before)]);
      expect(statSync(fileOf(digest)).mtimeMs).toBeGreaterThan(before);
    }
    expect(names()).toEqual([digest]);
  });

  it('has nothing to do where there is no folder', async () => {
    const none = { files: 0, bytes: 0 };
    expect(await files.collect(never, Date.now())).toEqual({ removed: none, kept: none });
  });
});
