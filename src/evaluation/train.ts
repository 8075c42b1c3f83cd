/** @file The evaluation `train`: trains the network from scratch and scores it on the validation images. */
import { defineEvaluation } from './evaluation.js';
import { trainingWithFidelity } from './fidelity.js';
import { trainingMeasure } from './metric.js';
import { evaluationByTraining } from './training.js';

export const train = defineEvaluation({
  name: 'train',
  title: 'Training from scratch, scored by the best validation accuracy of any epoch',
  paper: 'Zoph and Le, Neural Architecture Search with Reinforcement Learning, ICLR 2017, section 4.1',
  description:
    'Trains each candidate with random weights. The surest score, and the dearest; fewer epochs, images, pixels, channels or repeated ' +
    'cells make it cheaper and less sure. The setting fidelity says which of them strategies of several fidelities begin with less of. A ' +
    'promoted trial goes on from the weights that it has and trains what is left; where the network has grown, it begins with what of ' +
    'them fits (inheritedShare tells how much) and trains in full.',
  settings: trainingWithFidelity,
  measure: trainingMeasure,
  create: (settings) => evaluationByTraining(settings, { inherits: false }),
});
