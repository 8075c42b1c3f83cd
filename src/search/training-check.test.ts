import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data/load.js';
import { checkTraining } from './training-check.js';

describe('checkTraining', () => {
  it('lets pass what fits, and names the setting that does not', async () => {
    const digits = await loadDataset('digits');
    checkTraining('final', { batchSize: 1375 }, digits);
    const refused = (settings: object) => () => checkTraining('evaluation', { ...settings }, digits);
    expect(refused({ batchSize: 1376 })).toThrow(
      'The setting evaluation does not fit the data. There are 1375 training images, fewer than one batch of 1376: choose a batch size of at most 1375, or use more images.',
    );
    expect(refused({ subset: 2000 })).toThrow(/^The setting evaluation does not fit the data\. A subset of 2000/);
    expect(refused({ validSubset: 5 })).toThrow(/too small for their 10 classes/);
    expect(refused({ augmentation: { shift: 8 } })).toThrow(/shift/);
    expect(refused({ subset: 0.02, batchSize: 32 })).toThrow(/fewer than one batch of 32/);
  });
});
