import { describe, expect, test } from 'vitest';
import { plannedBatchSize, plannedEpochs, trainSettings } from './train-settings.js';

const settings = (given: object) => trainSettings.parse(given);

describe('epochs', () => {
  test('are as many as the images asked for, unless they are given', () => {
    expect(plannedEpochs(settings({ imageViews: 600_000 }), 54_000)).toBe(11);
    expect(plannedEpochs(settings({ imageViews: 60_000 }), 54_000)).toBe(1);
    expect(plannedEpochs(settings({ epochs: 3 }), 54_000)).toBe(3);
  });

  test('count the subset that is trained on', () => {
    expect(plannedEpochs(settings({ imageViews: 60_000, subset: 6000 }), 54_000)).toBe(10);
    expect(plannedEpochs(settings({ imageViews: 60_000, subset: 0.5 }), 60_000)).toBe(2);
    expect(plannedEpochs(settings({ imageViews: 60_000, subset: 6000 }), 1000)).toBe(60);
  });

  test('are at least one and at most 200', () => {
    expect(plannedEpochs(settings({ imageViews: 10 }), 54_000)).toBe(1);
    expect(plannedEpochs(settings({ imageViews: 600_000 }), 40)).toBe(200);
  });
});

describe('the batch size', () => {
  test('is 64 where that makes eight steps an epoch, and less for fewer images', () => {
    expect([54_000, 512, 511, 100, 46, 16, 3].map((images) => plannedBatchSize(settings({}), images))).toEqual([
      64, 64, 32, 8, 4, 2, 2,
    ]);
  });

  test('is what was asked for', () => {
    expect(plannedBatchSize(settings({ batchSize: 48 }), 100)).toBe(48);
  });
});
