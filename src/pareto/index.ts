/** @file The Pareto room's door. */
export * from './dominance.js';
export * from './front.js';
export * from './hypervolume.js';
export * from './knee.js';
export * from './ranking.js';
