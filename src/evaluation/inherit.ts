/** @file The evaluation `inherit`: a child begins with the weights of its parent and is trained further. */
import { defineEvaluation } from './evaluation.js';
import { trainingWithFidelity } from './fidelity.js';
import { trainingMeasure } from './metric.js';
import { evaluationByTraining } from './training.js';

export const inherit = defineEvaluation({
  name: 'inherit',
  title: "Training from the parent's weights, scored by the best validation accuracy of any epoch",
  paper:
    'Real et al., Large-Scale Evolution of Image Classifiers, ICML 2017, section 3.4; Chen, Goodfellow and Shlens, Net2Net, ICLR 2016',
  description:
    'Trains as train does, but a mutated child begins with what of the weights of its parent fits: channels are copied, windows get zeros ' +
    'around, new blocks do nothing at first, so that a child that is larger begins where its parent ended. inheritedShare tells how much ' +
    'was taken over; it is 0 where the weights of the parent are gone. Few epochs a child are then enough. Children of long lineages have ' +
    'had more training than their rivals, so that scores favour the old lineages and small changes: train the winner from scratch. Strategies ' +
    'that name no parents (random, grid, and those that draw from a policy or a model) train from scratch.',
  settings: trainingWithFidelity,
  measure: trainingMeasure,
  create: (settings) => evaluationByTraining(settings, { inherits: true }),
});
