/** @file The door to datasets in memory, for any platform; those that are read or fetched come from `loadDataset`. */
export * from './augmentation.js';
export * from './batches.js';
export * from './dataset.js';
export * from './resize.js';
export * from './split.js';
export * from './statistics.js';
