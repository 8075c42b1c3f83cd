/** @file References with settings, and single assignments, as they are written on a command line. */
import { describe, expect, it } from 'vitest';
import { parseAssignment, parseReference, place } from './reference-text.js';

describe('a reference as text', () => {
  it.each([
    ['random', { name: 'random', settings: {} }],
    ['train:epochs=2', { name: 'train', settings: { epochs: 2 } }],
    [
      'asha:proposer.name=random, minimise=[params, macs],eta=4,proposer.note=a, b',
      {
        name: 'asha',
        settings: { proposer: { name: 'random', note: 'a, b' }, minimise: ['params', 'macs'], eta: 4 },
      },
    ],
    [
      'train:resolution=null,augmentation.flip=false,learningRate=1e-3,optimizer=sgd',
      {
        name: 'train',
        settings: { resolution: null, augmentation: { flip: false }, learningRate: 0.001, optimizer: 'sgd' },
      },
    ],
    ['./mine.mjs:width=3', { name: './mine.mjs', settings: { width: 3 } }],
    ['C:\\spaces\\mine.mjs', { name: 'C:\\spaces\\mine.mjs', settings: {} }],
    ['C:\\spaces\\mine.mjs:width=3', { name: 'C:\\spaces\\mine.mjs', settings: { width: 3 } }],
  ])('%s', (text, reference) => expect(parseReference(text)).toEqual(reference));

  it.each(['random:', 'random:seed', 'train:epochs=[1', ':epochs=2', ''])('is not "%s"', (text) => {
    expect(parseReference(text)).toMatch(/^a name, or a name with its settings \(such as regularized-evolution:/);
  });
});

describe('an assignment', () => {
  it('is a path with a value in YAML', () => {
    expect(parseAssignment('evaluation.augmentation.flip=false')).toEqual({
      path: ['evaluation', 'augmentation', 'flip'],
      value: false,
    });
    expect(parseAssignment('name=a=b')).toEqual({ path: ['name'], value: 'a=b' });
    expect(parseAssignment('trials')).toMatch(/^a key with its value/);
    expect(parseAssignment('trials= ')).toMatch(/trials=null for none/);
    expect(parseAssignment('trials=null')).toEqual({ path: ['trials'], value: null });
    expect(parseAssignment('trials=[1')).toMatch(/^a key with a value in YAML \(/);
  });

  it('is placed beside what is there, and replaces what is no settings', () => {
    const settings = { final: false, evaluation: { name: 'train', epochs: 1 } };
    expect(place(settings, { path: ['evaluation', 'epochs'], value: 2 })).toEqual({
      final: false,
      evaluation: { name: 'train', epochs: 2 },
    });
    expect(place(settings, { path: ['final', 'epochs'], value: 2 }).final).toEqual({ epochs: 2 });
  });
});
