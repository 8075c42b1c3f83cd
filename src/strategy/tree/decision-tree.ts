/** @file The tree of a space's decisions, with what is known of each of its branches. */
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Decision } from '../../space/decisions/decision.js';
import type { Score } from '../score.js';
import type { ScoreRanks } from '../score-ranks.js';

/** What scores are worth by now, in [0, 1]: it may change when more of them are known. */
type Rewards = Pick<ScoreRanks, 'known' | 'rewardOf'>;

/** A decision after those that lead to it, or at the end an architecture. */
export class DecisionNode {
  /** One for each option; undefined until a descent led there. */
  readonly children: (DecisionNode | undefined)[] = [];
  /** How often it was taken, answers that are still open included. */
  visits = 0;
  /** Nothing new is left in it. */
  closed = false;
  /** What is known of the architectures below. */
  readonly #scores: number[] = [];
  /** How many of them turned out to be the worst. */
  #worst = 0;
  /** The rewards of the first so many scores, when so many scores were known in all. */
  readonly #sum = { rewards: 0, scores: 0, known: 0 };

  /** Whether anything is known of the architectures below. */
  get isKnown(): boolean {
    return this.#scores.length + this.#worst > 0;
  }

  /** Adds what came of an architecture below. */
  add(score: Score): void {
    if (score === null) this.#worst++;
    else this.#scores.push(score);
  }

  /** 0 where nothing is known. Between two answers each score is ranked once, however often the mean is asked for. */
  meanReward(rewards: Rewards): number {
    const sum = this.#sum;
    if (sum.known !== rewards.known) Object.assign(sum, { rewards: 0, scores: 0, known: rewards.known });
    for (const score of this.#scores.slice(sum.scores)) sum.rewards += rewards.rewardOf(score);
    sum.scores = this.#scores.length;
    return sum.rewards / Math.max(1, this.#scores.length + this.#worst);
  }
}

export interface Descent {
  readonly architecture: Json;
  /** From the root to the architecture's own node. */
  readonly path: readonly DecisionNode[];
}

/** Upper confidence bounds on a tree (Kocsis and Szepesvári 2006), of which explored parts are closed. */
export class DecisionTree {
  readonly #root = new DecisionNode();
  readonly #decisions: Decision<Json>;
  readonly #exploration: number;
  readonly #rewards: Rewards;

  /**
   * @param exploration C_p: a child is worth its mean reward + 2·C_p·√(2 ln N / n).
   */
  constructor(decisions: Decision<Json>, exploration: number, rewards: Rewards) {
    this.#decisions = decisions;
    this.#exploration = exploration;
    this.#rewards = rewards;
  }

  /** Whether every architecture was closed. */
  get isClosed(): boolean {
    return this.#root.closed;
  }

  /**
   * To an architecture that is not closed: by the bounds where all options were taken, else by one that was not, which is a
   * uniform roll-out from there on.
   */
  descend(random: Random): Descent {
    return this.#follow((node, options) => this.#select(node, options, random));
  }

  /** To this architecture. */
  trace(architecture: Json): Descent {
    const answers = this.#decisions.sequence(architecture).map(({ option }) => option);
    return this.#follow((_node, _options, position) => answers[position] ?? 0);
  }

  /** Takes a descent: all nodes on the way are visited, and there is nothing more to find at the end of it. */
  take({ path }: Descent): void {
    for (const node of path) node.visits++;
    for (const node of path.toReversed()) {
      node.closed = ![...node.children.values()].some((child) => child?.closed !== true);
      if (!node.closed) break;
    }
  }

  /** Adds the score of what a path led to. */
  backUp({ path }: Descent, score: Score): void {
    for (const node of path) node.add(score);
  }

  #follow(choose: (node: DecisionNode, options: number, position: number) => number): Descent {
    const path = [this.#root];
    const walk = this.#decisions.walk();
    let node = this.#root;
    let question = walk.next(Number.NaN);
    while (!question.done) {
      const options = question.value.options.length;
      node.children.length = options;
      const option = choose(node, options, path.length - 1);
      const child = node.children[option] ?? new DecisionNode();
      node.children[option] = child;
      path.push(child);
      node = child;
      question = walk.next(option);
    }
    return { architecture: question.value, path };
  }

  #select(node: DecisionNode, options: number, random: Random): number {
    const open = [...Array(options).keys()].filter((option) => node.children[option]?.closed !== true);
    const untried = open.filter((option) => (node.children[option]?.visits ?? 0) === 0);
    if (untried.length > 0) return random.pick(untried);
    const bounds = open.map((option) => this.#bound(node, node.children[option]));
    const best = Math.max(...bounds);
    return random.pick(open.filter((_, index) => bounds[index] === best));
  }

  /** While no score of a child has arrived, its parent's mean stands for it. */
  #bound(parent: DecisionNode, child: DecisionNode | undefined): number {
    if (child === undefined) return Number.POSITIVE_INFINITY;
    const mean = (child.isKnown ? child : parent).meanReward(this.#rewards);
    return mean + 2 * this.#exploration * Math.sqrt((2 * Math.log(parent.visits)) / child.visits);
  }
}
