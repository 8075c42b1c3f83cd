import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data/load.js';
import { checkEvaluation } from './evaluation-check.js';

describe('checkEvaluation', () => {
  it('lets pass what fits, and names the setting that does not', async () => {
    const digits = await loadDataset('digits');
    const check = (place: string, settings: object) => () =>
      checkEvaluation(place, { name: 'train', settings: { ...settings } }, digits);
    check('final', { batchSize: 1375 })();
    expect(check('final', { batchSize: 1376 })).toThrow(
      'The setting final does not fit the data. There are 1375 training images, fewer than one batch of 1376: choose a batch size of at most 1375, or use more images.',
    );
    const refused = (settings: object) => check('evaluation', settings);
    expect(refused({ subset: 2000 })).toThrow(/^The setting evaluation does not fit the data\. A subset of 2000/);
    expect(refused({ validSubset: 5 })).toThrow(/too small for their 10 classes/);
    expect(refused({ augmentation: { shift: 8 } })).toThrow(/shift/);
    expect(refused({ subset: 0.02, batchSize: 32 })).toThrow(/fewer than one batch of 32/);
  });
});
