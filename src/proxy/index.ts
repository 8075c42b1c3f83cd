/** @file The proxy room's door. */
export * from './aggregate.js';
export * from './batches.js';
export { type Distribution, type DrawnInput, ProxyGraph, type WeightedLayer } from './graph.js';
export * from './need.js';
export type { Probe, ProbeArrays } from './probe.js';
export { defineProxy, type Measured, type ProxyDefinition, UndefinedScore } from './proxy.js';
export * from './registry.js';
export * from './score.js';
