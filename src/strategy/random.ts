/** @file Random search: the baseline that every other strategy has to beat (Li and Talwalkar 2019). */
import { z } from 'zod';
import { Random } from '../random.js';
import { Questions } from './questions.js';
import { defineStrategy, type Strategy } from './strategy.js';

const settings = z.strictObject({
  repeats: z
    .boolean()
    .default(false)
    .describe(
      'Whether an architecture may be asked about again; by default not, as the same training tells little new.',
    ),
});

export const random = defineStrategy({
  name: 'random',
  title: 'Random search',
  paper: 'Li and Talwalkar, Random Search and Reproducibility for Neural Architecture Search, UAI 2019',
  description: 'Samples architectures uniformly, without repeats unless allowed.',
  settings,
  dependsOnOrder: false,
  create({ space, settings: { repeats }, seed }): Strategy {
    const draws = new Random(seed).stream('random');
    const questions = new Questions(space);
    return {
      async ask() {
        const draw = draws.stream(questions.next);
        const architecture = repeats ? space.sample(draw) : space.unseen(questions.seen, draw);
        return architecture === null ? 'exhausted' : questions.ask(architecture);
      },
      async tell(trial) {
        questions.answer(trial);
      },
    };
  },
});
