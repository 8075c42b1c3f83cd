/** @file NSGA-II: evolution towards the whole front of several objectives (Deb et al. 2002). */
import { z } from 'zod';
import type { Json } from '../json.js';
import type { Objectives } from '../pareto/dominance.js';
import { rankedIndices } from '../pareto/ranking.js';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { minimiseSetting, minimising, objectivesOf } from './objectives.js';
import { Questions } from './questions.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy, type StrategyContext } from './strategy.js';
import { askable } from './unasked-architecture.js';

const settings = z.strictObject({
  minimise: minimiseSetting.min(1).default(['params']),
  populationSize: z
    .int()
    .min(2)
    .default(40)
    .describe('N, how many survive a generation, and how many children it has; 40 in NSGA-Net (Lu et al. 2019).'),
  crossover: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe('Share of children that have two parents; 0.9 in section IV of the paper. Every child is mutated once.'),
  repeats: z
    .boolean()
    .default(false)
    .describe('Whether an architecture may be asked about again; the same training tells little new.'),
});

type Settings = z.infer<typeof settings>;

interface RankedIndividual {
  /** The number of its question. */
  readonly trial: number;
  readonly architecture: Json;
  readonly objectives: Objectives;
}

/**
 * Section III-C of the paper, for any number of open questions: a generation is complete when N results have arrived, of
 * whatever questions, and until then all children come from the population before. Trials without a score have no
 * place in it.
 */
class Nsga2 implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #settings: Settings;
  readonly #costOf: StrategyContext<Settings>['costOf'];
  readonly #random: Random;
  readonly #questions: Questions;
  /** The best first, as `rankedIndices` orders them. */
  #population: RankedIndividual[] = [];
  #children: RankedIndividual[] = [];

  constructor({ space, settings: checked, seed, costOf }: StrategyContext<Settings>) {
    this.#space = space;
    this.#settings = checked;
    this.#costOf = costOf;
    this.#random = new Random(seed).stream('nsga2');
    this.#questions = new Questions(space);
  }

  async ask(): Promise<Proposal | 'exhausted'> {
    const random = this.#random.stream(this.#questions.next);
    const { child, ...descent } = this.#child(random);
    const architecture = askable(child, {
      space: this.#space,
      questions: this.#questions,
      random,
      repeats: this.#settings.repeats,
    });
    return architecture === null ? 'exhausted' : this.#questions.ask(architecture, descent);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    if (outcome.state !== 'completed') return;
    const objectives = objectivesOf(outcome, architecture, this.#settings.minimise, this.#costOf);
    this.#children.push({ trial, architecture, objectives });
    if (this.#children.length < this.#settings.populationSize) return;
    const all = [...this.#population, ...this.#children];
    const ranked = rankedIndices(all.map((individual) => individual.objectives));
    this.#population = ranked.slice(0, this.#settings.populationSize).flatMap((index) => all[index] ?? []);
    this.#children = [];
  }

  /** One mutation of a parent, or of a child of two; a sample where there are no parents, or no mutation keeps to the limits. */
  #child(random: Random): { readonly child: Json; readonly parent?: number } {
    const first = this.#tournament(random);
    if (first === undefined) return { child: this.#space.sample(random) };
    const isCrossed = random.uniform() < this.#settings.crossover;
    const second = isCrossed ? this.#tournament(random) : undefined;
    const crossed =
      second === undefined
        ? first.architecture
        : this.#space.crossover(first.architecture, second.architecture, random);
    const child = this.#space.mutate(crossed, random);
    return child === null ? { child: this.#space.sample(random) } : { child, parent: first.trial };
  }

  /** The better of two drawn at random: the population is in the order of the crowded comparison. */
  #tournament(random: Random): RankedIndividual | undefined {
    const { length } = this.#population;
    return length === 0 ? undefined : this.#population[Math.min(random.integer(length), random.integer(length))];
  }
}

export const nsga2 = defineStrategy({
  name: 'nsga2',
  title: 'NSGA-II',
  paper: 'Deb et al., A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II, IEEE TEVC 2002',
  description:
    'Evolves a population towards all best trade-offs between the score and what is to be minimised, by crossover and mutation.',
  settings,
  dependsOnOrder: true,
  quantities: ({ minimise }) => minimising(minimise),
  create: (context) => new Nsga2(context),
});
