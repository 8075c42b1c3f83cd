/** @file The evaluation room's door. */
export * from './artifact.js';
export * from './evaluation.js';
export * from './metric.js';
export * from './registry.js';
