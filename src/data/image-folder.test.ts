import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Images } from './dataset.js';
import { type FolderOptions, readImageFolder } from './image-folder.js';

let folder: string;
let cacheFolder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
  cacheFolder = await mkdtemp(join(tmpdir(), 'cache-'));
});
afterEach(() => Promise.all([folder, cacheFolder].map((place) => rm(place, { recursive: true }))));

type Colour = { r: number; g: number; b: number; alpha?: number };
const red: Colour = { r: 255, g: 0, b: 0 };
const blue: Colour = { r: 0, g: 0, b: 255 };

/** Writes an image of one colour in the format that its name says. */
async function write(name: string, background: Colour | number, { width = 20, height = 20 } = {}): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const image =
    typeof background === 'number'
      ? sharp(Buffer.alloc(width * height, background), { raw: { width, height, channels: 1 } }).toColourspace('b-w')
      : sharp({ create: { width, height, channels: background.alpha === undefined ? 3 : 4, background } });
  await image.toFile(path);
}
const writeTwoClasses = async () => {
  await write('cats/1.png', red);
  await write('dogs/1.png', blue);
};
const read = (options: Partial<FolderOptions> = {}) =>
  readImageFolder(folder, { imageSize: 4, cacheFolder, ...options });
/** The first pixel of each channel of an image. */
const firstPixel = ({ channels, height, width, pixels }: Images, image: number) =>
  Array.from({ length: channels }, (_, channel) => pixels[(image * channels + channel) * height * width]);

describe('readImageFolder', () => {
  it('reads JPEG, PNG and WebP files class by class, in order, and ignores junk', async () => {
    await write('dogs/b.webp', blue);
    await write('dogs/deep/c.PNG', blue);
    await write('cats/a.jpeg', red, { width: 30, height: 10 });
    await write('cats/b.jpg', red);
    for (const junk of ['.DS_Store', 'cats/.hidden.png', 'cats/Thumbs.db', '__MACOSX/x.png', '.cache/x.png']) {
      await mkdir(dirname(join(folder, junk)), { recursive: true });
      await writeFile(join(folder, junk), 'junk');
    }
    await writeFile(join(folder, 'cats/notes.txt'), 'text');
    const source = await read();
    expect(source.classes).toEqual(['cats', 'dogs']);
    expect([...source.train.labels]).toEqual([0, 0, 1, 1]);
    expect(source.train).toMatchObject({ count: 4, channels: 3, height: 4, width: 4 });
    const [r = 0, g = 255, b = 255] = firstPixel(source.train, 0);
    expect(r > 245 && g < 10 && b < 10).toBe(true);
    expect(firstPixel(source.train, 3)).toEqual([0, 0, 255]);
    expect(source.notices).toEqual([
      `Left out 1 file(s) that are not named as JPEG, PNG or WebP, such as ${join(folder, 'cats/notes.txt')}.`,
    ]);
    expect([source.valid, source.test]).toEqual([null, null]);
  });

  it('keeps one channel where all images are grey, deep ones too', async () => {
    await write('a/1.png', 100);
    await write('b/1.jpg', 200);
    const deep = new Uint16Array(16).fill(0x8000);
    const image = sharp(deep, { raw: { width: 4, height: 4, channels: 1 } })
      .toColourspace('grey16')
      .png();
    await image.toFile(join(folder, 'b/2.png'));
    const { train } = await read();
    expect(train.channels).toBe(1);
    expect(firstPixel(train, 0)).toEqual([100]);
    expect(firstPixel(train, 2)[0]).toBeGreaterThan(120);
    expect(firstPixel(train, 2)[0]).toBeLessThan(136);
  });

  it('lays transparent parts on white', async () => {
    await writeTwoClasses();
    await write('cats/0.png', { r: 255, g: 0, b: 0, alpha: 0 });
    await write('dogs/0.webp', { r: 0, g: 0, b: 0, alpha: 0.5 });
    const { train } = await read();
    expect(firstPixel(train, 0)).toEqual([255, 255, 255]);
    for (const value of firstPixel(train, 2)) expect(Math.abs((value ?? 0) - 127)).toBeLessThan(4);
  });

  it('fits the shorter side and keeps the centre of an oblong image', async () => {
    await writeTwoClasses();
    const stripes = Buffer.concat([Buffer.alloc(8 * 8, 0), Buffer.alloc(8 * 8, 128), Buffer.alloc(8 * 8, 255)]);
    const image = sharp(stripes, { raw: { width: 8, height: 24, channels: 1 } }).toColourspace('srgb');
    await image.toFile(join(folder, 'cats/0.png'));
    const { train } = await read();
    expect([...train.pixels.subarray(0, 48)].every((value) => Math.abs(value - 128) < 30)).toBe(true);
  });

  it('turns images upright', async () => {
    await writeTwoClasses();
    const halves = Buffer.concat([Buffer.alloc(8 * 4, 0), Buffer.alloc(8 * 4, 255)]);
    // Orientation 6: the camera was held so that the stored top is the right side.
    const image = sharp(halves, { raw: { width: 8, height: 8, channels: 1 } }).toColourspace('srgb');
    await image.withMetadata({ orientation: 6 }).toFile(join(folder, 'cats/0.png'));
    const row = [...(await read()).train.pixels.subarray(0, 4)];
    expect(row.map((value) => Math.round(value / 255))).toEqual([1, 1, 0, 0]);
  });

  it('refuses grey mixed with colour, naming one of each, unless told what to make of them', async () => {
    await write('a/colour.png', red);
    await write('b/grey.png', 7);
    await expect(read()).rejects.toThrow(
      /mix channel counts: .*grey\.png is grey .*colour\.png is in colour .*channels/,
    );
    expect((await read({ channels: 'grey' })).train.channels).toBe(1);
    const colour = await read({ channels: 'colour' });
    expect(firstPixel(colour.train, 1)).toEqual([7, 7, 7]);
  });

  it('skips and reports a broken image', async () => {
    await writeTwoClasses();
    for (let copy = 0; copy < 100; copy++)
      await copyFile(join(folder, 'cats/1.png'), join(folder, `cats/copy-${copy}.png`));
    const whole = await readFile(join(folder, 'dogs/1.png'));
    await writeFile(join(folder, 'dogs/0-broken.png'), whole.subarray(0, 60));
    const source = await read();
    expect(source.train.count).toBe(102);
    expect(source.notices).toHaveLength(1);
    expect(source.notices[0]).toContain(
      `Skipped ${join(folder, 'dogs/0-broken.png')}: it is a PNG that is cut or damaged (`,
    );
    expect(firstPixel(source.train, 101)).toEqual([0, 0, 255]);
    await writeFile(join(folder, 'dogs/2-empty.jpg'), '');
    await expect(read()).rejects.toThrow(/More than 1 % of the 104 images .*(0-broken|2-empty)/);
  });

  it('keeps the splits that the folder has', async () => {
    for (const split of ['train', 'val', 'test']) {
      await write(`${split}/a/1.png`, red);
      await write(`${split}/b/1.png`, blue);
    }
    await write('train/b/2.png', blue);
    const source = await read();
    expect([source.train.count, source.valid?.count, source.test?.count]).toEqual([3, 2, 2]);
    expect(source.split).toBe(
      "Training, validation and test images as the folders 'train', 'val' and 'test' have them",
    );
    await write('test/c/1.png', blue);
    await expect(read()).rejects.toThrow(/test holds the class 'c'.* its classes are a, b/);
    await rm(join(folder, 'test/c'), { recursive: true });
    await rm(join(folder, 'test/b'), { recursive: true });
    await expect(read()).rejects.toThrow(/test lacks the class 'b'/);
  });

  it('takes folders called train and plane for classes', async () => {
    await write('train/1.png', red);
    await write('plane/1.png', blue);
    expect((await read()).classes).toEqual(['plane', 'train']);
  });

  it('refuses a folder without images, an empty class, one class only and an impossible size', async () => {
    await expect(read()).rejects.toThrow(/holds no class folders/);
    await write('loose.png', red);
    await expect(read()).rejects.toThrow(/1 images that are not in class folders/);
    await write('cats/1.png', red);
    await expect(read()).rejects.toThrow(/only one class folder \('cats'\)/);
    await mkdir(join(folder, 'dogs'));
    await expect(read()).rejects.toThrow(/dogs holds no JPEG, PNG or WebP files/);
    await expect(read({ imageSize: 0 })).rejects.toThrow(/image size is 0/);
  });

  it('follows links to files and folders', async () => {
    await writeTwoClasses();
    await symlink(join(folder, 'cats/1.png'), join(folder, 'cats/2.png'));
    await symlink(join(folder, 'nowhere.png'), join(folder, 'cats/3.png'));
    expect((await read()).train.count).toBe(3);
  });

  it('reads no folder twice, whatever links lead to it', async () => {
    await writeTwoClasses();
    await symlink('..', join(folder, 'cats/up'));
    await symlink(join(folder, 'dogs'), join(folder, 'cats/friends'));
    expect((await read()).train.count).toBe(2);
    await mkdir(join(folder, 'cats/more'));
    await symlink('..', join(folder, 'cats/more/back'));
    await symlink('more', join(folder, 'cats/same'));
    await write('cats/more/2.png', red);
    expect((await read()).train.count).toBe(3);
  });

  it('decodes once, and again when a file or an option changes', async () => {
    await writeTwoClasses();
    const onProgress = vi.fn();
    const first = await read({ onProgress });
    expect(onProgress).toHaveBeenLastCalledWith({ step: 'decode', done: 2, total: 2 });
    onProgress.mockClear();
    expect(await read({ onProgress })).toEqual(first);
    expect(onProgress).not.toHaveBeenCalled();
    expect((await read({ onProgress, imageSize: 5 })).train.width).toBe(5);
    expect(onProgress).toHaveBeenCalledTimes(2);
    onProgress.mockClear();
    await utimes(join(folder, 'cats/1.png'), 1, 1);
    await read({ onProgress });
    expect(onProgress).toHaveBeenCalledTimes(2);
  });
});
