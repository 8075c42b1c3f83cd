/** @file How many multiply-accumulates a network takes. */
import { defineProxy } from '../proxy.js';

export const macs = defineProxy({
  name: 'macs',
  title: 'Number of multiply-accumulates',
  paper: 'Krishnakumar et al., NAS-Bench-Suite-Zero: Accelerating Research on Zero Cost Proxies, NeurIPS 2022 (flops)',
  description:
    'Counts the multiply-accumulates of one image. A baseline, as params is, and what AZ-NAS calls complexity.',
  weakness:
    'Knows the size of a network alone: it prefers the slowest, and tells networks of one size apart by nothing.',
  score: ({ network }) => network.cost().macs,
});
