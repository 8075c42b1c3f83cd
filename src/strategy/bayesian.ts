/** @file Bayesian optimisation: asks what a model of the scores, over decisions and graphs, expects most of. */
import { z } from 'zod';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { Questions } from './questions.js';
import { scoreOf } from './score.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy, type StrategyContext } from './strategy.js';
import { type Acquisition, expectedImprovement, independentThompson } from './surrogate/acquisition.js';
import { createSurrogate, surrogateNames } from './surrogate/registry.js';
import type { Posterior, Surrogate } from './surrogate/surrogate.js';

const settings = z.strictObject({
  initial: z
    .int()
    .min(2)
    .default(10)
    .describe('Random architectures before the model is asked; 10 in White et al., BANANAS.'),
  surrogate: z
    .enum(surrogateNames)
    .default('gaussian-process')
    .describe(
      'The model of the scores: a Gaussian process as in Ru et al., a random forest, or the five networks of BANANAS.',
    ),
  acquisition: z
    .enum(['expected-improvement', 'thompson'])
    .default('expected-improvement')
    .describe('What makes a candidate worth a question: expected improvement as in Ru et al., or a Thompson sample.'),
  candidates: z
    .int()
    .min(1)
    .default(100)
    .describe('Candidates that the model compares for each question; 100 in White et al., BANANAS.'),
});

type Settings = z.infer<typeof settings>;

/** Best observed architectures whose mutations are candidates (10 in White et al., BANANAS, AAAI 2021). */
const PARENTS = 10;

/** Answers after which networks are trained anew: k = 10 in White et al. */
const REFIT_EVERY = 10;

interface Scored {
  readonly architecture: Json;
  readonly score: number;
}

class Bayesian implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #questions: Questions;
  readonly #surrogate: Surrogate;
  readonly #open = new Map<number, Json>();
  /** What was asked about, as JSON. */
  readonly #asked = new Set<string>();
  /** The best that were observed, best first. */
  readonly #parents: Scored[] = [];

  constructor({ space, settings: checked, seed, engine }: StrategyContext<Settings>) {
    this.#space = space;
    this.#settings = checked;
    this.#questions = new Questions(space);
    this.#random = new Random(seed).stream('bayesian');
    const random = this.#random.stream('surrogate');
    this.#surrogate = createSurrogate(checked.surrogate, { space, engine, random, refitEvery: REFIT_EVERY });
  }

  async ask(): Promise<Proposal | 'exhausted'> {
    const random = this.#random.stream(this.#questions.next);
    const architecture =
      this.#surrogate.scored < this.#settings.initial
        ? this.#space.unseen(this.#questions.seen, random)
        : ((await this.#mostPromising(random)) ?? this.#space.unseen(this.#questions.seen, random));
    if (architecture === null) return 'exhausted';
    this.#open.set(this.#questions.next, architecture);
    this.#asked.add(JSON.stringify(architecture));
    return this.#questions.ask(architecture);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    this.#open.delete(trial);
    const score = scoreOf(outcome);
    if (score === undefined) return;
    this.#surrogate.observe(architecture, score);
    if (score === null) return;
    this.#parents.push({ architecture, score });
    this.#parents.sort((first, second) => second.score - first.score);
    this.#parents.length = Math.min(PARENTS, this.#parents.length);
  }

  close(): Promise<void> {
    return this.#surrogate.close();
  }

  /**
   * Half of the candidates are samples and mutations of the best observed; the other half climbs from the best of those,
   * by further mutations. `null` if all of them have been asked about.
   */
  async #mostPromising(random: Random): Promise<Json | null> {
    const posterior = await this.#surrogate.posterior(this.#open.values());
    const acquisition =
      this.#settings.acquisition === 'thompson'
        ? independentThompson(random.stream('thompson'))
        : expectedImprovement(posterior.best);
    const compared = new Set<string>();
    const mostAcquired = (candidates: readonly Json[], least?: number) => {
      // Copies are cheap to tell, isomorphic architectures are not: those are left out where they would be asked about.
      const others = candidates.filter((architecture) => {
        const text = JSON.stringify(architecture);
        const isNew = !compared.has(text) && !this.#asked.has(text);
        compared.add(text);
        return isNew;
      });
      return this.#mostAcquired(others, posterior, acquisition, least);
    };
    const quarter = Math.ceil(this.#settings.candidates / 4);
    const samples = times(quarter, () => this.#space.sample(random));
    const mutants = times(quarter, () => this.#mutation(random.pick(this.#parents).architecture, random));
    let best = await mostAcquired([...samples, ...mutants]);
    for (let left = 2 * quarter; left > 0 && best !== null; left -= BATCH) {
      const from = best.architecture;
      const further = times(Math.min(left, BATCH), () => this.#mutation(from, random));
      best = (await mostAcquired(further, best.value)) ?? best;
    }
    return best?.architecture ?? null;
  }

  /**
   * The new candidate of the highest acquisition above `least`; `null` if there is none. Candidates are visited by what they
   * may be worth at most, so that few need a deviation and a canonical form.
   */
  async #mostAcquired(
    candidates: readonly Json[],
    posterior: Posterior,
    acquisition: Acquisition,
    least = Number.NEGATIVE_INFINITY,
  ): Promise<Acquired | null> {
    const outlines = await posterior.at(candidates);
    const rows = outlines.map((outline, index) => {
      const bound = acquisition.boundOf({ mean: outline.mean, deviation: outline.deviationBound });
      return { architecture: candidates[index] ?? null, outline, bound };
    });
    let best: Acquired | null = null;
    for (const { architecture, outline, bound } of rows.sort((first, second) => second.bound - first.bound)) {
      if (bound <= (best?.value ?? least)) break;
      const value = acquisition.valueOf({ mean: outline.mean, deviation: outline.deviation() });
      if (value > (best?.value ?? least) && !this.#questions.hasSeen(architecture)) best = { architecture, value };
    }
    return best;
  }

  #mutation(architecture: Json, random: Random): Json {
    return this.#space.mutate(architecture, random) ?? architecture;
  }
}

/** Mutations of one architecture that are compared at a time. */
const BATCH = 20;

interface Acquired {
  readonly architecture: Json;
  readonly value: number;
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

export const bayesian = defineStrategy({
  name: 'bayesian',
  title: 'Bayesian optimisation',
  paper:
    'Ru et al., Interpretable Neural Architecture Search via Bayesian Optimisation with Weisfeiler-Lehman Kernels, ICLR 2021',
  description:
    'Asks about the architecture of which a Gaussian process over decisions and cell graphs, a random forest or an ensemble of networks ' +
    'expects the largest improvement.',
  settings,
  dependsOnOrder: true,
  trainsNetwork: 'optional',
  create: (context) => new Bayesian(context),
});
