/** @file AZ-NAS: four ranks at once. */
import { type AggregateDefinition, sumOfLogRanks } from '../aggregate.js';

export const azNas: AggregateDefinition = {
  name: 'az-nas',
  title: 'AZ-NAS: ranks by expressivity, progressivity, trainability and macs',
  paper: 'Lee and Ham, AZ-NAS: Assembling Zero-Cost Proxies for Network Architecture Search, CVPR 2024, eq. 9',
  description:
    'Σ ln(rank / N) over expressivity, progressivity, trainability and macs in a random pool, rank 1 the worst.',
  weakness:
    'A small pool tells good networks apart by few ranks, and macs is one of the four: it needs a limit on size.',
  proxies: ['expressivity', 'progressivity', 'trainability', 'macs'],
  score: sumOfLogRanks,
};
