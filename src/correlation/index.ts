/** @file Rank correlations and their confidence: plain numbers in and out. */
export * from './agreement.js';
export * from './bootstrap.js';
export * from './correlation.js';
