import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../error.js';
import { type ImageFile, scanFolder } from './image-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scan-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Makes empty files; 'a,b' stands for both folders. */
async function lay(...paths: string[]): Promise<void> {
  for (const path of paths) {
    const parts = path.split('/').map((part) => part.split(','));
    const all = parts.reduce((above, part) => above.flatMap((start) => part.map((name) => join(start, name))), ['']);
    for (const one of all) {
      await mkdir(dirname(join(folder, one)), { recursive: true });
      await writeFile(join(folder, one), '');
    }
  }
}
const count = (files: readonly ImageFile[] | null) => files?.length ?? null;
/** The classes, and how many images each split has. */
async function scan() {
  const { classes, train, valid, test } = await scanFolder(folder);
  return { classes, counts: [count(train), count(valid), count(test)] };
}
const refusal = async () => {
  const error = await scanFolder(folder).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return String(error.message);
};

describe('splits of a folder of images', () => {
  it.each([
    ['Training,Test', [2, null, 2]],
    ['TRAIN,VAL', [2, 2, null]],
    ['train,eval', [2, 2, null]],
    ['training_set,test_set', [2, null, 2]],
    ['train,valid,test', [2, 2, 2]],
    ['Train Set,Validation Set,Testing Set', [2, 2, 2]],
    ['trainset,devset,testset', [2, 2, 2]],
    ['training-images,test-images', [2, null, 2]],
    ['01_train,02_val,03_test', [2, 2, 2]],
    ['seg_train,seg_test', [2, null, 2]],
    ['asl_alphabet_train,asl_alphabet_test', [2, null, 2]],
    ['train', [2, null, null]],
  ])('of %s are known by their names', async (splits, counts) => {
    await lay(`${splits}/a,b/1.png`);
    expect(await scan()).toEqual({ classes: ['a', 'b'], counts });
  });

  it('are found in folders of the same name once more, as seg_train/seg_train, with seg_pred left out', async () => {
    await lay('seg_train/seg_train/a,b/1.png', 'seg_test/seg_test/a,b/1.png', 'seg_pred/seg_pred/1.png');
    expect(await scan()).toEqual({ classes: ['a', 'b'], counts: [2, null, 2] });
    expect((await scanFolder(folder)).notices).toEqual([
      `Left out the folder ${join(folder, 'seg_pred')}: it holds no class folders.`,
    ]);
  });

  it('are named as the folder has them', async () => {
    await lay('Training,eval/a,b/1.png');
    expect((await scanFolder(folder)).holder).toBe("folders 'Training' and 'eval'");
  });

  it('leave out junk, loose images and folders without classes, and say which', async () => {
    await lay('train,test/a,b/1.png', '@eaDir,__MACOSX,.ipynb_checkpoints/a/1.png', 'train/a/@eaDir/1.png/x.jpg');
    await lay('train/a/Thumbs.db', '.DS_Store', 'train/.ipynb_checkpoints/1.png');
    expect(await scanFolder(folder)).toMatchObject({ classes: ['a', 'b'], notices: [] });
    await lay('single_prediction/1.jpg', 'labels/train/1.txt', 'cover.png', 'train/b/notes.txt');
    const { notices, train } = await scanFolder(folder);
    expect(train).toHaveLength(2);
    expect(notices).toEqual([
      `Left out the folder ${join(folder, 'labels')}: it holds no class folders.`,
      `Left out the folder ${join(folder, 'single_prediction')}: it holds no class folders.`,
      `Left out 1 image(s) that are in no class folder, such as ${join(folder, 'cover.png')}.`,
      `Left out 1 file(s) that are not named as JPEG, PNG or WebP, such as ${join(folder, 'train/b/notes.txt')}.`,
    ]);
  });

  it('leave out test images without classes, and say so', async () => {
    await lay('train/a,b/1.png', 'test/1.png');
    expect(await scan()).toMatchObject({ counts: [2, null, null] });
    expect((await scanFolder(folder)).notices).toEqual([
      `Left out the folder ${join(folder, 'test')}: it holds no class folders.`,
    ]);
  });

  it('beside a folder of classes that is none are refused', async () => {
    await lay('train,test,extra/a,b/1.png');
    expect(await refusal()).toMatch(
      /holds 'test' and 'train', which are splits, beside 'extra', which is none: move it/,
    );
  });

  it.each([
    ['seg_train,other_test/a,b/1.png', /holds 'seg_train', which looks like a split, beside 'other_test'/],
    ['train,val,validation/a,b/1.png', /2 folders of validation images, 'val' and 'validation': keep one/],
    ['train,val,eval,test/a,b/1.png', /2 folders of validation images, 'eval' and 'val'/],
    ['val,test/a,b/1.png', /holds 'test' and 'val', but no training images/],
    ['Training,Test/1.png', /Training holds 1 images that are not in class folders/],
    [
      'train,PublicTest/a,b/1.png',
      /looks like a split, beside 'PublicTest', .* If all of them are classes, rename 'train'/,
    ],
  ])('as in %s are refused with the reason', async (path, message) => {
    await lay(path);
    expect(await refusal()).toMatch(message);
  });
});

describe('class folders', () => {
  it.each(['train,plane', 'test,tube', 'eval,play', 'dog_training,cat_food'])(
    'are those that say no split or hold images themselves: %s',
    async (names) => {
      await lay(`${names}/1.png`);
      expect((await scan()).classes).toEqual(names.split(',').sort());
    },
  );

  it('may hold folders, also the same single one in each, as in Tiny ImageNet', async () => {
    await lay('cats/indoors,outdoors/1.png', 'dogs/indoors,street/1.png', 'dogs/1.png');
    expect(await scan()).toEqual({ classes: ['cats', 'dogs'], counts: [5, null, null] });
    await rm(join(folder, 'cats'), { recursive: true });
    await rm(join(folder, 'dogs'), { recursive: true });
    await lay('train,val/n01,n02/images/1.JPEG');
    expect(await scan()).toEqual({ classes: ['n01', 'n02'], counts: [2, 2, null] });
  });

  it.each([
    [
      'fold1,fold2,fold3/cats,dogs/1.png',
      /'fold1', 'fold2' and 'fold3' of .* the same folders in each, 'cats' and 'dogs'/,
    ],
    ['entrenar,probar/cats,dogs/1.png', /look like splits or groups, and not like classes.*give .*entrenar\.$/],
    ['cats,dogs/train,test/1.png', /which look like splits: put the splits above the classes, as in .*train\/cats\.$/],
    ['images,labels/train,val/1.png', /put the splits above the classes/],
  ])('that hold only the same folders are refused: %s', async (path, message) => {
    await lay(path);
    expect(await refusal()).toMatch(message);
  });

  it('beside a folder that holds them once more are refused', async () => {
    await lay('a,b/1.png', 'test/a,b/1.png');
    expect(await refusal()).toMatch(
      /test holds 'a' and 'b', as .* does, .* put the other folders into .*train, or move/,
    );
  });

  it('that hold only folders, the same but for one, are refused too', async () => {
    await lay('learn/a,b,c/1.png', 'check/a,b/1.png');
    expect(await refusal()).toMatch(/the same folders in each, 'a' and 'b'/);
  });

  it('that differ by case only are refused, in one split and between splits', async () => {
    await lay('Cats,cats,dogs/1.png');
    expect(await refusal()).toMatch(/classes 'Cats' and 'cats', which differ by capital letters only/);
    await rm(join(folder, 'Cats'), { recursive: true });
    await rm(join(folder, 'cats'), { recursive: true });
    await rm(join(folder, 'dogs'), { recursive: true });
    await lay('train/Cats,dogs/1.png', 'test/cats,dogs/1.png');
    expect(await refusal()).toMatch(/test calls 'cats' what .*train calls 'Cats': spell the class alike/);
  });

  it('without images are refused with what they hold instead', async () => {
    await lay('cats/1.png', 'dogs/1.bmp');
    expect(await refusal()).toMatch(/dogs holds no JPEG, PNG or WebP files \(but 1 of other kinds, such as .*1\.bmp\)/);
  });

  it('one level deeper than given are pointed at', async () => {
    await lay('archive/cats,dogs/1.png');
    expect(await refusal()).toMatch(
      /only one class folder \('archive'\).* If its folders are the classes, give .*archive\./,
    );
  });
});
