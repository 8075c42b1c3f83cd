/** @file How many parameters a network has. */
import { defineProxy } from '../proxy.js';

export const params = defineProxy({
  name: 'params',
  title: 'Number of parameters',
  paper: 'Krishnakumar et al., NAS-Bench-Suite-Zero: Accelerating Research on Zero Cost Proxies, NeurIPS 2022',
  description: 'Counts trainable numbers. A baseline: whatever costs more than counting should order networks better.',
  weakness:
    'Knows the size of a network alone: it prefers the largest, and tells networks of one size apart by nothing.',
  score: ({ network }) => network.cost().params,
});
