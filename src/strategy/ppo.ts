/** @file Proximal policy optimisation: several careful steps from each batch (Schulman et al. 2017; NASNet's controller). */
import { z } from 'zod';
import { Controller } from './controller/controller.js';
import { defineStrategy } from './strategy.js';

const settings = z.strictObject({
  hidden: z.int().min(1).default(100).describe('Units of the LSTM; 100 in the appendix of the paper.'),
  learningRate: z
    .number()
    .positive()
    .default(0.0035)
    .describe(
      "Adam's learning rate; 0.00035 in the paper, whose search trains 20,000 networks. Searches of hundreds of trials need larger steps.",
    ),
  batch: z.int().min(1).default(20).describe('Architectures of a batch; 20 in the paper.'),
  epochs: z.int().min(1).default(4).describe('Updates from each batch; 3 to 10 in Schulman et al. 2017.'),
  clip: z
    .number()
    .positive()
    .lt(1)
    .default(0.2)
    .describe('How far a probability may move before it gains nothing more; 0.2 in Schulman et al. 2017.'),
  baselineDecay: z
    .number()
    .min(0)
    .lt(1)
    .default(0.95)
    .describe('How much of the baseline, a moving average of rewards, stays; 0.95 in the paper.'),
  entropy: z
    .number()
    .min(0)
    .default(1e-3)
    .describe(
      "Weight of the policy's entropy; 0.00001 in the paper, whose rewards are accuracies. Ours are ranks, which are spread over all of [0, 1].",
    ),
  gradientClip: z.number().positive().default(5).describe('The longest gradient; longer ones are scaled down.'),
});

export const ppo = defineStrategy({
  name: 'ppo',
  title: 'Proximal policy optimisation',
  paper: 'Zoph et al., Learning Transferable Architectures for Scalable Image Recognition, CVPR 2018',
  description:
    'The LSTM of reinforce, with several updates from each batch, which are clipped so that no answer changes its probability much.',
  settings,
  dependsOnOrder: true,
  trainsNetwork: 'always',
  create: (context) => {
    const { clip, entropy, ...options } = context.settings;
    return new Controller(context, { ...options, name: 'ppo', bound: 0.1, objective: { clip, entropy } });
  },
});
