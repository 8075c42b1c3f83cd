import { describe, expect, it } from 'vitest';
import { didYouMean, nearestName } from './suggestion.js';

describe('nearestName', () => {
  it.each([
    ['serch', ['search', 'resume'], 'search'],
    ['CIFAR-10', ['digits', 'cifar10'], 'cifar10'],
    ['maxparams', ['maxMacs', 'maxParams'], 'maxParams'],
    ['nasbench201', ['mobile', 'nas-bench-201'], 'nas-bench-201'],
    ['ab', ['ax', 'ay'], 'ax'],
  ])('takes %s of %j for %s', (found, names, meant) => {
    expect(nearestName(found, names)).toBe(meant);
  });

  it.each([
    // 4 of 9 letters are wrong.
    ['maxXxxxms', ['maxParams']],
    // Nothing of the name is there.
    ['x', ['ab']],
    ['', ['ab']],
    ['holiday-photos', ['digits', 'mnist']],
    ['anything', []],
  ])('finds nothing for %s in %j', (found, names) => {
    expect(nearestName(found, names)).toBeUndefined();
  });
});

it('didYouMean puts the name into words, or says nothing', () => {
  expect(didYouMean('trian', ['train'])).toBe(' (did you mean train?)');
  expect(didYouMean('photos', ['train'])).toBe('');
});
