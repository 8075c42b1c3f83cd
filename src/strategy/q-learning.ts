/** @file Q-learning over the decision sequence: MetaQNN (Baker et al. 2017). */
import { z } from 'zod';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import type { Decision, DecisionPoint } from '../space/decisions/decision.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { Questions } from './questions.js';
import { type Score, scoreOf } from './score.js';
import { ScoreRanks } from './score-ranks.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy } from './strategy.js';
import { unaskedDraw } from './unasked-draw.js';

/** ε and for how many new models it holds, in the order of the search; 0.1 afterwards (table 2 of the paper). */
export const epsilonSchedule: readonly (readonly [epsilon: number, models: number])[] = [
  [1, 1500],
  [0.9, 100],
  [0.8, 100],
  [0.7, 100],
  [0.6, 150],
  [0.5, 150],
  [0.4, 150],
  [0.3, 150],
  [0.2, 150],
  [0.1, 150],
];

/** The models of the whole schedule. */
const SCHEDULE = epsilonSchedule.reduce((sum, [, models]) => sum + models, 0);

const settings = z.strictObject({
  exploration: z
    .int()
    .min(1)
    .default(100)
    .describe(
      `Models over which ε falls from 1 to 0.1, in the proportions of table 2; ${SCHEDULE} in the paper, more than most searches can train.`,
    ),
  learningRate: z
    .number()
    .positive()
    .max(1)
    .default(0.05)
    .describe('α, the weight of new values; 0.01 in the paper, which has 27 times as many models.'),
  discount: z.number().min(0).max(1).default(1).describe('γ; 1 in the paper: late decisions count as much.'),
  replay: z
    .int()
    .min(0)
    .default(100)
    .describe('Known models that are learnt from again after each new one; 100 in the paper.'),
  initial: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Q of what was never tried, as a reward; 0.5 in the paper, and the mean of rewards that are ranks.'),
  memory: z
    .int()
    .min(0)
    .default(1)
    .describe('Answers that belong to the state beside the question; 1 in the paper: the layer before.'),
});

type Settings = z.infer<typeof settings>;

/** The Q-values of a state, one for each option, and the option that was taken. */
interface Transition {
  readonly values: number[];
  readonly option: number;
}

interface Episode {
  readonly architecture: Json;
  readonly transitions: readonly Transition[];
}

interface Experience extends Episode {
  readonly score: Score;
}

/**
 * Algorithm 1 of the paper, for any number of open questions. A state is the question and the answers right before it: in
 * the paper's space the depth, what the image has come to, and the last layer. Models that are drawn again are not trained
 * again, but learnt from; so are those that are beyond the limits, as the worst, but only when they are drawn: replay is
 * of what was trained. The reward is the rank of the accuracy, and comes at the end. Q-learning need not have drawn a
 * model itself to learn from it (Watkins and Dayan 1992).
 */
class QLearning implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #questions: Questions;
  readonly #ranks = new ScoreRanks();
  readonly #values = new Map<string, number[]>();
  readonly #episodes: Episode[] = [];
  readonly #memory: Experience[] = [];
  /** By canonical form. */
  readonly #known = new Map<string, Score>();

  constructor(space: FeasibleSpace, settings: Settings, seed: number) {
    this.#space = space;
    this.#settings = settings;
    this.#questions = new Questions(space);
    this.#random = new Random(seed).stream('q-learning');
  }

  async ask(): Promise<Proposal | 'exhausted'> {
    const random = this.#random.stream('ask', this.#questions.next);
    const epsilon = epsilonAt(this.#questions.next / this.#settings.exploration);
    const { decisions } = this.#space;
    const next = await unaskedDraw<Episode>({
      space: this.#space,
      questions: this.#questions,
      known: this.#known,
      random,
      draw: () => this.#follow(decisions, (values) => epsilonGreedy(values, epsilon, random)),
      onKnown: (drawn, score) => this.#learn({ ...drawn, score }),
    });
    if (next === null) return 'exhausted';
    this.#episodes.push('transitions' in next ? next : this.#trace(next.architecture));
    return this.#questions.ask(next.architecture);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    const episode = this.#episodes[trial];
    if (episode === undefined) return;
    const score = scoreOf(outcome);
    if (score === undefined) return;
    this.#ranks.add(score);
    const experience = { ...episode, score };
    this.#known.set(this.#space.canonical(architecture), score);
    this.#memory.push(experience);
    this.#learn(experience);
    const random = this.#random.stream('replay', trial);
    for (let replay = 0; replay < this.#settings.replay; replay++) this.#learn(random.pick(this.#memory));
  }

  /** From the last transition to the first, so that a reward reaches the first decision at once. */
  #learn({ transitions, score }: Experience): void {
    const { learningRate, discount } = this.#settings;
    let target = this.#ranks.rewardOf(score);
    for (const { values, option } of transitions.toReversed()) {
      const value = values[option] ?? 0;
      values[option] = value + learningRate * (target - value);
      target = discount * Math.max(...values);
    }
  }

  #trace(architecture: Json): Episode {
    const answers = this.#space.decisions.sequence(architecture).map(({ option }) => option);
    return this.#follow(this.#space.decisions, (_, position) => answers[position] ?? 0);
  }

  /** Walks through the space, each question answered by its options' Q-values and its position. */
  #follow(decisions: Decision<Json>, choose: (values: readonly number[], position: number) => number): Episode {
    const transitions: Transition[] = [];
    const answers: string[] = [];
    const walk = decisions.walk();
    let question = walk.next(Number.NaN);
    while (!question.done) {
      const { options } = question.value;
      const values = this.#valuesOf(question.value, answers);
      const option = choose(values, transitions.length);
      transitions.push({ values, option });
      answers.push(options[option] ?? '');
      question = walk.next(option);
    }
    return { architecture: question.value, transitions };
  }

  #valuesOf({ path, options }: DecisionPoint, answers: readonly string[]): number[] {
    const { memory, initial } = this.#settings;
    const state = JSON.stringify([path, options, memory === 0 ? [] : answers.slice(-memory)]);
    const known = this.#values.get(state);
    if (known !== undefined) return known;
    const values = options.map(() => initial);
    this.#values.set(state, values);
    return values;
  }
}

/** ε after this share of the schedule. */
export function epsilonAt(progress: number): number {
  let left = progress * SCHEDULE;
  for (const [epsilon, models] of epsilonSchedule) {
    if (left < models) return epsilon;
    left -= models;
  }
  return 0.1;
}

/** Any option with probability ε, else the best one; equal ones are drawn from. */
function epsilonGreedy(values: readonly number[], epsilon: number, random: Random): number {
  const options = [...values.keys()];
  if (random.uniform() < epsilon) return random.pick(options);
  const best = Math.max(...values);
  return random.pick(options.filter((option) => values[option] === best));
}

export const qLearning = defineStrategy({
  name: 'q-learning',
  title: 'Q-learning',
  paper: 'Baker et al., Designing Neural Network Architectures using Reinforcement Learning, ICLR 2017',
  description:
    'Learns the value of each answer to each decision from the models it led to, first exploring and then ever more greedily.',
  settings,
  dependsOnOrder: true,
  create: ({ space, settings: checked, seed }) => new QLearning(space, checked, seed),
});
