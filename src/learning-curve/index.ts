/** @file Learning curves gone on with: plain numbers in and out. */
export * from './baselines.js';
export * from './curve-predictor.js';
export * from './features.js';
export { type KernelName, kernelNames } from './kernel.js';
export * from './nu-svr.js';
export * from './parametric.js';
export * from './prediction.js';
