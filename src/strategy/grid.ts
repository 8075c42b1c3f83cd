/** @file Grid search: the space in its own order, all of it or every n-th architecture. */
import { z } from 'zod';
import { Random } from '../random.js';
import { Questions } from './questions.js';
import { defineStrategy, type Strategy } from './strategy.js';

const settings = z.strictObject({
  every: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1)
    .describe(
      'Asks about every n-th architecture of the enumeration; 1 asks about all of them. Where limits leave next to none of these, samples from beside the grid come between.',
    ),
});

/** Architectures of the grid in a row that may be of no use: where next to none keeps the limits, a sample comes between. */
const LOOKS = 256;

/** As many steps of the enumeration take a second or two: a wide grid has fewer looks. */
const STEPS = 1_000_000;

export const grid = defineStrategy({
  name: 'grid',
  title: 'Grid search',
  paper: 'Tan and Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019, section 3.3',
  description:
    'Goes through the space in its own order, the last decision changing fastest, and leaves out what builds the same network as one before. For small spaces, such as the few scalings of one network.',
  settings,
  dependsOnOrder: false,
  create({ space, settings: { every }, seed }): Strategy {
    const draws = new Random(seed).stream('grid');
    const questions = new Questions(space);
    const architectures = everyNth(space.decisions.enumerate(), every);
    return {
      async ask() {
        const looks = Math.max(1, Math.min(LOOKS, Math.floor(STEPS / every)));
        for (let looked = 0; looked < looks; looked++) {
          const { done, value } = architectures.next();
          if (done) return 'exhausted';
          if (!questions.hasSeen(value) && space.isFeasible(value)) return questions.ask(value);
        }
        const sample = space.unseen(questions.seen, draws.stream(questions.next));
        return sample === null ? 'exhausted' : questions.ask(sample);
      },
      async tell(trial) {
        questions.answer(trial);
      },
    };
  },
});

function* everyNth<T>(items: Iterable<T>, n: number): Generator<T> {
  let index = 0;
  for (const item of items) if (index++ % n === 0) yield item;
}
