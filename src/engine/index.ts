/** @file The engine room's door, for any platform; the engine of Node.js has one of its own, `nasturtium/engine/node`. */
export * from './blocked-kernels.js';
export * from './engine.js';
