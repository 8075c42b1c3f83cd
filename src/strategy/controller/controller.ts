/** @file The search of a controller: its policy draws architectures and climbs the gradient of their reward. */
import { Random } from '../../random.js';
import type { FeasibleSpace } from '../feasible/feasible-space.js';
import { Questions } from '../questions.js';
import { type Score, scoreOf } from '../score.js';
import { ScoreRanks } from '../score-ranks.js';
import type { Outcome, Proposal, Strategy, StrategyContext } from '../strategy.js';
import { unaskedDraw } from '../unasked-draw.js';
import { type Draw, type Episode, type Experience, Policy, type PolicyOptions } from './policy.js';

export interface ControllerOptions extends PolicyOptions {
  /** Separates the random numbers of one strategy from those of others. */
  readonly name: string;
  /** Updates from each batch. */
  readonly epochs: number;
  /** How much of the baseline stays when a reward arrives. */
  readonly baselineDecay: number;
}

/**
 * REINFORCE over the decision sequence of a space (Zoph and Le 2017, section 3.2), with any number of open questions:
 * rewards enter in the order in which they arrive. An architecture that is drawn again gets the score that it had, as in
 * MetaQNN (Baker et al. 2017, section 5), instead of another training; one that is beyond the limits counts as the worst.
 *
 * The gradient holds for what the policy itself draws. Mutants and samples that are asked about because nothing new was
 * drawn are ranked with the others but are no part of an update. With parallel workers a batch has episodes of earlier
 * policies, which are weighed by how likely they still are (`Policy.learn`).
 */
export class Controller implements Strategy {
  readonly #space: FeasibleSpace;
  readonly #options: ControllerOptions;
  readonly #random: Random;
  readonly #questions: Questions;
  readonly #policy: Policy;
  readonly #ranks = new ScoreRanks();
  /** What each trial was drawn by; `null` where not by the policy. */
  readonly #episodes: (Episode | null)[] = [];
  /** By canonical form. */
  readonly #known = new Map<string, Score>();
  #batch: Experience[] = [];
  #baseline: number | undefined;

  constructor({ space, seed, engine }: StrategyContext<unknown>, options: ControllerOptions) {
    this.#space = space;
    this.#options = options;
    this.#random = new Random(seed).stream(options.name);
    this.#questions = new Questions(space);
    this.#policy = new Policy(engine(), options, this.#random.stream('parameters'));
  }

  async ask(): Promise<Proposal | 'exhausted'> {
    const random = this.#random.stream(this.#questions.next);
    const { decisions } = this.#space;
    const next = await unaskedDraw<Draw>({
      space: this.#space,
      questions: this.#questions,
      known: this.#known,
      random,
      draw: () => this.#policy.draw(decisions, random),
      onKnown: ({ episode }, score) => this.#reinforce(episode, score),
    });
    if (next === null) return 'exhausted';
    this.#episodes.push('episode' in next ? next.episode : null);
    return this.#questions.ask(next.architecture);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    const episode = this.#episodes[trial];
    const score = scoreOf(outcome);
    if (score === undefined) return;
    this.#known.set(this.#space.canonical(architecture), score);
    this.#ranks.add(score);
    if (episode) await this.#reinforce(episode, score);
  }

  close(): Promise<void> {
    return this.#policy.close();
  }

  /** The baseline is that of the rewards before, so that it does not bias the gradient. */
  async #reinforce(episode: Episode, score: Score): Promise<void> {
    const { batch, epochs, baselineDecay } = this.#options;
    const reward = this.#ranks.rewardOf(score);
    const baseline = this.#baseline ?? reward;
    this.#batch.push({ episode, advantage: reward - baseline });
    this.#baseline = baselineDecay * baseline + (1 - baselineDecay) * reward;
    if (this.#batch.length < batch) return;
    for (let epoch = 0; epoch < epochs; epoch++) await this.#policy.learn(this.#batch);
    this.#batch = [];
  }
}
