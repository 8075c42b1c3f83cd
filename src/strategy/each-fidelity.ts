/** @file A random sample at each of some fidelities: what shows how far smaller evaluations may be trusted (Zela et al. 2018). */
import { z } from 'zod';
import { Random } from '../random.js';
import { Questions } from './questions.js';
import { defineStrategy, type Proposal, type Strategy } from './strategy.js';

/** The schema of the settings of `each-fidelity`. */
export const eachFidelitySettings = z.strictObject({
  fidelities: z
    .array(z.number().positive().max(1))
    .min(1)
    .default([1 / 9, 1 / 3, 1])
    .describe('the shares of a full evaluation that each architecture gets, each in an evaluation of its own'),
});

export const eachFidelity = defineStrategy({
  name: 'each-fidelity',
  title: 'A random sample at each fidelity',
  paper:
    'Zela, Klein, Falkner and Hutter, Towards Automated Deep Learning: Efficient Joint Neural Architecture and Hyperparameter Search, AutoML workshop at ICML 2018',
  description:
    'Samples architectures uniformly, and evaluates each with every one of some fidelities, from scratch and with other random weights each time. It is no search: it shows how far the ranks of small evaluations agree with those of large ones. `nas correlate --fidelity` asks with it.',
  settings: eachFidelitySettings,
  dependsOnOrder: false,
  leastFidelity: ({ fidelities }) => Math.min(...fidelities),
  create({ space, settings: { fidelities }, seed }): Strategy {
    const draws = new Random(seed).stream('each-fidelity');
    const questions = new Questions(space);
    let sample: Proposal['architecture'] | null = null;
    return {
      async ask() {
        const place = questions.next % fidelities.length;
        if (place === 0) sample = space.unseen(questions.seen, draws.stream(questions.next));
        return sample === null ? 'exhausted' : questions.ask(sample, { fidelity: fidelities[place] ?? 1 });
      },
      async tell(trial) {
        questions.answer(trial);
      },
    };
  },
});
