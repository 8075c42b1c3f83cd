/** @file Progressive search (PNAS): from small structures to larger ones, level by level, led by a surrogate. */
import { z } from 'zod';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible-space.js';
import { growths, shrunk } from './growth.js';
import { Questions } from './questions.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy } from './strategy.js';
import { GaussianProcessSurrogate } from './surrogate/gaussian-process-surrogate.js';
import type { Surrogate } from './surrogate/surrogate.js';

const settings = z.strictObject({
  beam: z
    .int()
    .min(2)
    .default(32)
    .describe('K, how many are evaluated at each level; 256 in the paper, whose search trains 1,160 networks.'),
  expansions: z
    .int()
    .min(1)
    .default(32)
    .describe('Ways of growth that the surrogate ranks for each member of a level; all of them in the paper.'),
});

type Settings = z.infer<typeof settings>;

interface Member {
  readonly architecture: Json;
  readonly score: number | null;
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
  readonly #open = new Set<number>();
  readonly #best: { architecture: Json; score: number }[] = [];
  #levels = 0;

  constructor(space: FeasibleSpace, settings: Settings, seed: number) {
    this.#space = space;
    this.#settings = settings;
    this.#questions = new Questions(space);
    this.#surrogate = new GaussianProcessSurrogate(space);
    this.#random = new Random(seed).stream('progressive');
  }

  async ask(): Promise<Proposal | 'wait' | 'exhausted'> {
    if (this.#queue.length === 0) {
      if (this.#open.size > 0) return 'wait';
      this.#queue = await this.#nextLevel(this.#random.stream(this.#levels));
      this.#level = [];
      this.#levels++;
    }
    const architecture = this.#queue.shift();
    if (architecture === undefined) return 'exhausted';
    this.#open.add(this.#questions.next);
    return this.#questions.ask(architecture);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    this.#open.delete(trial);
    const score = outcome.state === 'completed' ? outcome.score : null;
    this.#surrogate.observe(architecture, score);
    this.#level.push({ architecture, score });
    if (score === null) return;
    this.#best.push({ architecture, score });
    this.#best.sort((first, second) => second.score - first.score);
    this.#best.length = Math.min(this.#best.length, this.#settings.beam);
  }

  /** The K most promising of what may come next; nothing if the space is exhausted. */
  async #nextLevel(random: Random): Promise<Json[]> {
    const { beam } = this.#settings;
    if (this.#levels === 0) {
      const smallest = this.#distinct(this.#smallest(random)).slice(0, beam);
      if (smallest.length > 0) return smallest;
    }
    const grown = this.#distinct(this.#grown(random));
    const candidates = grown.length > 0 ? grown : this.#distinct(this.#mutations(random));
    if (candidates.length > 0) return (await this.#ranked(candidates)).slice(0, beam);
    const any = this.#space.unseen(this.#questions.seen, random);
    return any === null ? [] : [any];
  }

  *#smallest(random: Random): Generator<Json> {
    for (let draw = 0; draw < DRAWS * this.#settings.beam; draw++) {
      yield shrunk(this.#space.decisions, this.#space.sample(random), random);
    }
  }

  *#grown(random: Random): Generator<Json> {
    for (const { architecture, score } of this.#level) {
      if (score === null) continue;
      let left = this.#settings.expansions;
      for (const grown of growths(this.#space.decisions, architecture, random)) {
        if (left-- === 0) break;
        yield grown;
      }
    }
  }

  *#mutations(random: Random): Generator<Json> {
    for (const { architecture } of this.#best) {
      for (let left = this.#settings.expansions; left > 0; left--) {
        yield this.#space.mutate(architecture, random) ?? architecture;
      }
    }
  }

  /** Those that are feasible and new, once each. */
  #distinct(architectures: Iterable<Json>): Json[] {
    const kept = new Map<string, Json>();
    for (const architecture of architectures) {
      const key = this.#space.canonical(architecture);
      if (kept.has(key) || this.#questions.seen.has(key) || !this.#space.isFeasible(architecture)) continue;
      kept.set(key, architecture);
    }
    return [...kept.values()];
  }

  /** By falling predicted score. */
  async #ranked(candidates: readonly Json[]): Promise<Json[]> {
    const posterior = await this.#surrogate.posterior();
    const outlines = await posterior.at(candidates);
    return outlines
      .map(({ mean }, index) => ({ architecture: candidates[index] ?? null, mean }))
      .sort((first, second) => second.mean - first.mean)
      .map(({ architecture }) => architecture);
  }
}

/** Draws for each member of the first level: enough to find nearly all where there are fewer. */
const DRAWS = 8;

export const progressive = defineStrategy({
  name: 'progressive',
  title: 'Progressive search',
  paper: 'Liu et al., Progressive Neural Architecture Search, ECCV 2018',
  description:
    'Starts with the smallest structures and lets the best grow, level by level; a surrogate ranks what they may become.',
  settings,
  dependsOnOrder: true,
  create: ({ space, settings: checked, seed }) => new Progressive(space, checked, seed),
});
