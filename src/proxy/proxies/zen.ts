/** @file How much a network of Gaussian weights changes with its image. */
import { perturbation } from '../probes/perturbation.js';
import { defineProxy } from '../proxy.js';

export const zen = defineProxy({
  name: 'zen',
  title: 'Zen-score: expressivity under Gaussian weights',
  paper: 'Lin et al., Zen-NAS: A Zero-Shot NAS for High-Performance Image Recognition, ICCV 2021, algorithm 1',
  description:
    'ln of the mean change of the last map of features where a random image changes by a hundredth, all weights standard normal, plus the logarithms of the deviations that batch norms divide by. A batch norm that nothing reaches divides nothing.',
  weakness:
    'Made for plain convolutional networks of one family. Between cells with skips and pools it orders hardly anything.',
  probes: [perturbation],
  score(measured) {
    const { change, variances } = measured.of(perturbation);
    const reached = variances.filter((variance) => variance > 0);
    return Math.log(change) + reached.reduce((sum, variance) => sum + 0.5 * Math.log(variance), 0);
  },
});
