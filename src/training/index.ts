/** @file The training room's door. */
export * from './checkpoint.js';
export * from './classifier.js';
export * from './loss.js';
export * from './saved-weights.js';
export * from './state.js';
export * from './step.js';
export * from './tensor-file.js';
export * from './train-network.js';
export * from './train-settings.js';
export * from './trainer.js';
export * from './training-graph.js';
