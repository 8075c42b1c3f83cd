/** @file REINFORCE: an LSTM controller that learns which architectures are good (Zoph and Le 2017). */
import { z } from 'zod';
import { Controller } from './controller/controller.js';
import { defineStrategy } from './strategy.js';

const settings = z.strictObject({
  hidden: z
    .int()
    .min(1)
    .default(64)
    .describe('Units of the LSTM; 64 in ENAS (Pham et al. 2018), two layers of 35 in the paper.'),
  learningRate: z
    .number()
    .positive()
    .default(0.01)
    .describe(
      "Adam's learning rate; 0.0006 in the paper, which trains 12,800 networks, and 0.0035 in ENAS. Searches of hundreds of trials need larger steps.",
    ),
  batch: z.int().min(1).default(8).describe('Architectures of an update; m = 8 in section 4.1.'),
  baselineDecay: z
    .number()
    .min(0)
    .lt(1)
    .default(0.95)
    .describe(
      'How much of the baseline, a moving average of rewards, stays; 0.95 in Zoph et al. 2018. The paper gives no number.',
    ),
  entropy: z
    .number()
    .min(0)
    .default(1e-3)
    .describe(
      "Weight of the policy's entropy, in rewards of [0, 1]; none in the paper. It keeps the policy from settling within hundreds of trials.",
    ),
  gradientClip: z.number().positive().default(5).describe('The longest gradient; longer ones are scaled down.'),
});

export const reinforce = defineStrategy({
  name: 'reinforce',
  title: 'REINFORCE',
  paper: 'Zoph and Le, Neural Architecture Search with Reinforcement Learning, ICLR 2017',
  description:
    'An LSTM takes the decisions of an architecture one after the other, and is trained to take those that were rewarded.',
  settings,
  dependsOnOrder: true,
  trainsNetwork: 'always',
  create: (context) => {
    const { entropy, ...options } = context.settings;
    return new Controller(context, {
      ...options,
      name: 'reinforce',
      bound: 0.1,
      objective: { clip: null, entropy },
      epochs: 1,
    });
  },
});
