/** @file Progressive search (PNAS): from small structures to larger ones, level by level, led by a surrogate. */
import { z } from 'zod';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { firstOf, growths, growthsAtRandom, shrunk, smallestFrom } from './growth.js';
import { Questions } from './questions.js';
import { type Score, scoreOf } from './score.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy, type StrategyContext } from './strategy.js';
import { createSurrogate, surrogateNames } from './surrogate/registry.js';
import type { Posterior, Surrogate } from './surrogate/surrogate.js';

const settings = z.strictObject({
  beam: z
    .int()
    .min(2)
    .max(4096)
    .default(32)
    .describe('K, how many are evaluated at each level; 256 in the paper, whose search trains 1,160 networks.'),
  initial: z
    .int()
    .min(2)
    .nullable()
    .default(null)
    .describe(
      'How many of the smallest structures make the first level; by default all of them as in the paper, or K where there are ' +
        'more than 256.',
    ),
  expansions: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Ways of growth that are ranked for each member of a level; by default all of them, as in the paper.'),
  surrogate: z
    .enum(surrogateNames)
    .default('ensemble')
    .describe(
      'The model that ranks: five networks as in the paper, or a Gaussian process or a random forest, which need no engine.',
    ),
});

type Settings = z.infer<typeof settings>;

/** Smallest structures that are few enough for a first level: K in the paper. */
const FEW = 256;

/** Ways to write so few structures that are looked at. */
const WRITINGS = 4 * FEW;

/** Ways of growth that are enumerated: of more, so many are drawn. PNAS's fifth block has 2,304, of which 1,176 differ. */
const ENUMERATED = 4096;

/** Mutations of each of the best, where nothing can grow. */
const MUTATIONS = 32;

/** Draws for each member of a first level of samples: enough to find nearly all where there are fewer. */
const DRAWS = 8;

interface Member {
  readonly architecture: Json;
  readonly score: Score;
}

/** An architecture, its canonical form, and the score that is predicted. */
interface Ranked {
  readonly architecture: Json;
  readonly key: string;
  readonly mean: number;
}

/**
 * Algorithm 1 of the paper. Growth is a list that gains an item: a block, a layer. Where no list can grow (any more), a level
 * is made of mutations of the best so far, so that the search goes on in batches. The surrogate ranks by its mean.
 */
class Progressive implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #settings: Settings;
  readonly #random: Random;
  readonly #questions: Questions;
  readonly #surrogate: Surrogate;
  /** Of the current level: what is still to be asked about, and what became of the others. */
  #queue: Json[] = [];
  #level: Member[] = [];
  readonly #best: { architecture: Json; score: number }[] = [];
  #levels = 0;
  #grows = true;

  constructor({ space, settings: checked, seed, engine }: StrategyContext<Settings>) {
    this.#space = space;
    this.#settings = checked;
    this.#questions = new Questions(space);
    this.#random = new Random(seed).stream('progressive');
    const random = this.#random.stream('surrogate');
    this.#surrogate = createSurrogate(checked.surrogate, { space, engine, random, refitEvery: 1 });
  }

  async ask(): Promise<Proposal | 'wait' | 'exhausted'> {
    if (this.#queue.length === 0) {
      if (this.#questions.open > 0) return 'wait';
      this.#queue = await this.#nextLevel(this.#random.stream(this.#levels));
      this.#level = [];
      this.#levels++;
    }
    const architecture = this.#queue.shift();
    return architecture === undefined ? 'exhausted' : this.#questions.ask(architecture);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    const score = scoreOf(outcome);
    if (score === undefined) return;
    this.#surrogate.observe(architecture, score);
    this.#level.push({ architecture, score });
    if (score === null) return;
    this.#best.push({ architecture, score });
    this.#best.sort((first, second) => second.score - first.score);
    this.#best.length = Math.min(this.#best.length, this.#settings.beam);
  }

  close(): Promise<void> {
    return this.#surrogate.close();
  }

  /** What comes next; nothing if the space is exhausted. */
  async #nextLevel(random: Random): Promise<Json[]> {
    if (this.#levels === 0) return this.#firstLevel(random);
    if (this.#grows) {
      const grown = await this.#mostPromising(this.#grown(random), random);
      if (grown.length > 0) return grown;
      this.#grows = false;
    }
    const mutants = await this.#mostPromising(this.#mutations(random), random);
    if (mutants.length > 0) return mutants;
    const any = this.#space.unseen(this.#questions.seen, random);
    return any === null ? [] : [any];
  }

  #firstLevel(random: Random): Json[] {
    const { beam, initial } = this.#settings;
    const smallest = this.#smallest(random);
    if (smallest !== null) return random.shuffle(smallest).slice(0, initial ?? smallest.length);
    const count = initial ?? beam;
    const { decisions } = this.#space;
    const samples = Array.from({ length: DRAWS * count }, () => this.#space.sample(random));
    const shorter = this.#feasible(samples.map((sample) => shrunk(decisions, sample, random)));
    return (shorter.length > 0 ? shorter : this.#feasible(samples)).slice(0, count);
  }

  /** All smallest structures; `null` where they do not grow, or are not few. */
  #smallest(random: Random): Json[] | null {
    const { decisions } = this.#space;
    const start = shrunk(decisions, this.#space.sample(random), random);
    if (growths(decisions, start).next().done) return null;
    const written = [...firstOf(smallestFrom(decisions, start), WRITINGS + 1)];
    if (written.length > WRITINGS || this.#new(written).size > FEW) return null;
    const smallest = this.#feasible(written);
    return smallest.length > 0 ? smallest : null;
  }

  /** For each member of the level, what it may grow to. */
  *#grown(random: Random): Generator<Json[]> {
    const { decisions } = this.#space;
    const most = this.#settings.expansions ?? ENUMERATED;
    for (const { architecture, score } of this.#level) {
      if (score === null) continue;
      const all = [...firstOf(growths(decisions, architecture), most + 1)];
      yield all.length <= most ? all : [...firstOf(growthsAtRandom(decisions, architecture, random), most)];
    }
  }

  *#mutations(random: Random): Generator<Json[]> {
    for (const { architecture } of this.#best) {
      yield Array.from({ length: MUTATIONS }, () => this.#space.mutate(architecture, random) ?? architecture);
    }
  }

  /** The K of highest predicted score among those that are feasible and new, best first; equals in random order. */
  async #mostPromising(batches: Iterable<readonly Json[]>, random: Random): Promise<Json[]> {
    const kept: Ranked[] = [];
    let posterior: Posterior | undefined;
    for (const batch of batches) {
      const known = new Set(kept.map(({ key }) => key));
      const candidates = random.shuffle(this.#new(batch)).filter(([key]) => !known.has(key));
      if (candidates.length === 0) continue;
      posterior ??= await this.#surrogate.posterior();
      const outlines = await posterior.at(candidates.map(([, architecture]) => architecture));
      const ranked = candidates.map(([key, architecture], index) => ({
        key,
        architecture,
        mean: outlines[index]?.mean ?? 0,
      }));
      this.#keepBest(kept, ranked.sort(byMean));
    }
    return kept.map(({ architecture }) => architecture);
  }

  /** Takes those among the K best so far that belong there; limits are asked about for these alone, as they cost time. */
  #keepBest(kept: Ranked[], ranked: readonly Ranked[]): void {
    const { beam } = this.#settings;
    for (const candidate of ranked) {
      const last = kept[beam - 1];
      if (last !== undefined && byMean(candidate, last) >= 0) return;
      if (!this.#space.isFeasible(candidate.architecture)) continue;
      kept.push(candidate);
      kept.sort(byMean);
      kept.length = Math.min(kept.length, beam);
    }
  }

  /** Those that are new, once each, by their canonical form. */
  #new(architectures: Iterable<Json>): Map<string, Json> {
    const found = new Map<string, Json>();
    for (const architecture of architectures) {
      const key = this.#space.canonical(architecture);
      if (!found.has(key) && !this.#questions.seen.has(key)) found.set(key, architecture);
    }
    return found;
  }

  #feasible(architectures: readonly Json[]): Json[] {
    return [...this.#new(architectures).values()].filter((architecture) => this.#space.isFeasible(architecture));
  }
}

const byMean = (first: Ranked, second: Ranked): number => second.mean - first.mean;

export const progressive = defineStrategy({
  name: 'progressive',
  title: 'Progressive search',
  paper: 'Liu et al., Progressive Neural Architecture Search, ECCV 2018',
  description:
    'Starts with the smallest structures and lets the best grow, level by level; a surrogate ranks what they may become.',
  settings,
  dependsOnOrder: true,
  trainsNetwork: 'optional',
  create: (context) => new Progressive(context),
});
