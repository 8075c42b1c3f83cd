/** @file Monte Carlo tree search over decisions, or over regions that are learnt (Wang et al. 2020, 2021). */
import { z } from 'zod';
import type { Json } from '../json.js';
import { Random } from '../random.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { Questions } from './questions.js';
import { type Score, scoreOf } from './score.js';
import { ScoreRanks } from './score-ranks.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy } from './strategy.js';
import { DecisionTree, type Descent } from './tree/decision-tree.js';
import { learnPartition, type Region, type Sample, selectRegion } from './tree/learned-partition.js';
import { fitRidge, type Linear } from './tree/ridge.js';
import { newRelative } from './unasked-architecture.js';

const settings = z.strictObject({
  partition: z
    .enum(['decisions', 'learned'])
    .default('decisions')
    .describe(
      'The tree: decisions in their order, as in AlphaX, or regions that linear regressions part by their rewards, as in LaNAS.',
    ),
  exploration: z
    .number()
    .min(0)
    .default(0.1)
    .describe('C_p, the weight of what is little known; 0.1 in LaNAS. 0.5 suffices for rewards in [0, 1] in theory.'),
  rollouts: z
    .int()
    .min(1)
    .default(10)
    .describe(
      'Roll-outs in the tree of decisions of which a regression picks one, as the value network of AlphaX does; 1 for plain UCT.',
    ),
  height: z.int().min(1).default(5).describe('Rules that lead to a learned region; 5 in LaNAS.'),
  initial: z.int().min(1).default(20).describe('Samples before regressions are fitted.'),
  refit: z.int().min(1).default(20).describe('Scores after which regressions are fitted anew; 20 in LaNAS.'),
});

type Settings = z.infer<typeof settings>;

/** Paths that may end at what is known or beyond the limits, before anything new will do. */
const DESCENTS = 64;

/** Architectures among which one of a region is looked for. */
const DRAWS = 100;

/** What was asked, and what came of it. */
abstract class TreeSearch implements Strategy {
  protected readonly space: FeasibleSpace;
  protected readonly settings: Settings;
  protected readonly questions: Questions;
  protected readonly ranks = new ScoreRanks();
  readonly #scored: { readonly architecture: Json; readonly features: readonly number[]; readonly score: Score }[] = [];
  readonly #random: Random;

  constructor(space: FeasibleSpace, checked: Settings, seed: number) {
    this.space = space;
    this.settings = checked;
    this.questions = new Questions(space);
    this.#random = new Random(seed).stream('mcts');
  }

  /** The next architecture; `null` where nothing new is left. */
  protected abstract next(random: Random): Json | null;

  /** Notes what came of a trial. */
  protected abstract note(trial: number, architecture: Json, score: Score): void;

  /** Fits regressions to all that is known. */
  protected abstract fit(samples: readonly Sample[]): void;

  async ask(): Promise<Proposal | 'exhausted'> {
    const architecture = this.next(this.#random.stream(this.questions.next));
    return architecture === null ? 'exhausted' : this.questions.ask(architecture);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.questions.answer(trial);
    const score = scoreOf(outcome);
    if (score === undefined) return;
    this.ranks.add(score);
    this.note(trial, architecture, score);
    this.#scored.push({ architecture, features: this.space.decisions.encode(architecture), score });
    const since = this.#scored.length - this.settings.initial;
    if (since < 0 || since % this.settings.refit !== 0) return;
    this.fit(this.#scored.map(({ score: known, ...sample }) => ({ ...sample, reward: this.ranks.rewardOf(known) })));
  }

  /** Something new close to a sample. */
  protected anything(random: Random): Json | null {
    return newRelative(this.space, this.questions, this.space.sample(random), random);
  }
}

/** UCT on the tree of decisions. What is asked is closed, so that the search ends when a finite tree is used up. */
class DecisionTreeSearch extends TreeSearch {
  readonly #tree = new DecisionTree(this.space.decisions, this.settings.exploration, this.ranks);
  readonly #descents: Descent[] = [];
  /** By canonical form. */
  readonly #known = new Map<string, Score>();
  /** The reward that an encoding promises. */
  #predict: Linear | null = null;

  protected next(random: Random): Json | null {
    const descent = this.#mostPromising(random);
    const architecture = descent?.architecture ?? this.anything(random);
    if (architecture === null) return null;
    const taken = descent ?? this.#tree.trace(architecture);
    this.#tree.take(taken);
    this.#descents.push(taken);
    return architecture;
  }

  /** Of several descents to something new, the one that the regression expects most of. */
  #mostPromising(random: Random): Descent | null {
    const predict = this.#predict;
    let best: { readonly descent: Descent; readonly reward: number } | null = null;
    let left = predict === null ? 1 : this.settings.rollouts;
    for (let attempt = 0; attempt < DESCENTS && left > 0 && !this.#tree.isClosed; attempt++) {
      const descent = this.#tree.descend(random);
      const { architecture } = descent;
      const isFeasible = this.space.isFeasible(architecture);
      if (isFeasible && !this.questions.hasSeen(architecture)) {
        const reward = predict?.(this.space.decisions.encode(architecture)) ?? 0;
        if (best === null || reward > best.reward) best = { descent, reward };
        left--;
      } else {
        this.#tree.take(descent);
        const score = isFeasible ? this.#known.get(this.space.canonical(architecture)) : null;
        if (score !== undefined) this.#tree.backUp(descent, score);
      }
    }
    return best?.descent ?? null;
  }

  protected note(trial: number, architecture: Json, score: Score): void {
    this.#known.set(this.space.canonical(architecture), score);
    const descent = this.#descents[trial];
    if (descent !== undefined) this.#tree.backUp(descent, score);
  }

  protected fit(samples: readonly Sample[]): void {
    this.#predict = fitRidge(
      samples.map(({ features }) => features),
      samples.map(({ reward }) => reward),
    );
  }
}

/** LaNAS: the region of the highest bound is sampled; regions are learnt anew as scores arrive. */
class LearnedPartitionSearch extends TreeSearch {
  #partition: Region | undefined;

  protected next(random: Random): Json | null {
    if (this.#partition === undefined) return this.space.unseen(this.questions.seen, random);
    const region = selectRegion(this.#partition, this.settings.exploration);
    let best: { readonly architecture: Json; readonly depth: number } | undefined;
    for (let draw = 0; draw < DRAWS; draw++) {
      const architecture = draw % 2 === 0 ? this.space.sample(random) : this.#near(random.pick(region.samples), random);
      if (this.questions.hasSeen(architecture)) continue;
      const depth = region.depthOf(this.space.decisions.encode(architecture));
      if (depth === region.depth) return architecture;
      if (best === undefined || depth > best.depth) best = { architecture, depth };
    }
    return best?.architecture ?? this.anything(random);
  }

  /** Good regions are small: a step from a sample in one stays there more often than a draw from the whole space hits it. */
  #near({ architecture }: Sample, random: Random): Json {
    return this.space.mutate(architecture, random) ?? architecture;
  }

  protected note(): void {}

  protected fit(samples: readonly Sample[]): void {
    this.#partition = learnPartition(samples, this.settings.height);
  }
}

export const mcts = defineStrategy({
  name: 'mcts',
  title: 'Monte Carlo tree search',
  paper:
    'Wang et al., AlphaX: eXploring Neural Architectures with Deep Neural Networks and Monte Carlo Tree Search, AAAI 2020',
  description:
    'Follows the branches of the decision tree with the highest upper confidence bound; or learns regions of good architectures.',
  settings,
  dependsOnOrder: true,
  create: ({ space, settings: checked, seed }) =>
    checked.partition === 'decisions'
      ? new DecisionTreeSearch(space, checked, seed)
      : new LearnedPartitionSearch(space, checked, seed),
});
