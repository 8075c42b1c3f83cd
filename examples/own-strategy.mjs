/** @file A search strategy of one's own: simulated annealing. */
import { Random, strategy } from 'nasturtium';
import { z } from 'zod';

export default strategy.defineStrategy({
  name: 'annealing',
  title: 'Simulated annealing',
  paper: 'Kirkpatrick, Gelatt and Vecchi, Optimization by Simulated Annealing, Science 1983',
  description: 'Goes from one architecture to mutations of it; to worse ones, too, but ever more seldom.',
  settings: z.strictObject({
    temperature: z.number().gt(0).default(0.05).describe('Loss of score that is accepted once in e times, at first.'),
    cooling: z.number().gt(0).lt(1).default(0.97).describe('Factor of the temperature after each answer.'),
  }),
  dependsOnOrder: true,
  create({ space, seed, settings: { temperature, cooling } }) {
    const questions = new strategy.Questions(space);
    const random = new Random(seed).stream('annealing');
    let [standing, score, heat] = [space.sample(random), Number.NEGATIVE_INFINITY, temperature];
    return {
      async ask() {
        // A stream for each question: asking in vain changes none of those after it.
        const next = strategy.newRelative(space, questions, standing, random.stream('ask', questions.next));
        return next === null ? 'exhausted' : questions.ask(next);
      },
      async tell(trial, outcome) {
        const architecture = questions.answer(trial);
        heat *= cooling;
        if (outcome.state !== 'completed') return;
        const chance = Math.exp((outcome.score - score) / heat);
        if (random.stream('tell', trial).uniform() < chance) [standing, score] = [architecture, outcome.score];
      },
    };
  },
});
