/** @file The record room's door. */
export * from './configuration.js';
export * from './event.js';
export * from './preparation.js';
export * from './progress.js';
export * from './stopping.js';
export * from './summary.js';
export * from './trial.js';
export * from './winner.js';
