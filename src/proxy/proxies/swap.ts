/** @file How many sample-wise activation patterns a network makes. */
import { rectifiedUnits, severalImages } from '../need.js';
import { activationPatterns } from '../probes/activation-patterns.js';
import { defineProxy } from '../proxy.js';

export const swap = defineProxy({
  name: 'swap',
  title: 'Sample-wise activation patterns',
  paper: 'Peng et al., SWAP-NAS: Sample-Wise Activation Patterns for Ultra-fast NAS, ICLR 2024, definition 4',
  description:
    'The number of different patterns among all ReLUs, a pattern being the images of the batch for which a ReLU is on.',
  weakness:
    'Grows with the number of ReLUs, and no faster where they say the same: the number of patterns is bounded by 2 to the number of images.',
  needs: [severalImages, rectifiedUnits],
  probes: [activationPatterns],
  score: (measured) => measured.of(activationPatterns),
});
