/** @file Rank correlations and their confidence: plain numbers in and out. */
export * from './bootstrap.js';
export * from './correlation.js';
