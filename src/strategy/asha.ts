/**
 * @file ASHA, asynchronous successive halving: a candidate is promoted as soon as it is among the best of its rung (Li et al. 2020).
 * With PASHA's rule the highest rung opens only where it is needed (Bohdal et al. 2023).
 */
import { z } from 'zod';
import type { Json } from '../json.js';
import type { Objectives } from '../pareto/dominance.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { mostHalvings } from './fidelity/brackets.js';
import { PromotionRung } from './fidelity/promotion-rung.js';
import { rankNoise, ranksAlike } from './fidelity/rank-stability.js';
import { fidelitySettings, leastFidelityOf } from './fidelity/settings.js';
import { minimising, objectivesOf } from './objectives.js';
import { createProposer, type ProposedCandidate, type Proposer, quantitiesOf } from './proposer.js';
import { Questions } from './questions.js';
import { defineStrategy, type Outcome, type Proposal, type Strategy, type StrategyDefinition } from './strategy.js';

interface AshaOptions {
  readonly space: FeasibleSpace;
  readonly eta: number;
  /** How often fidelities grow. */
  readonly halvings: number;
  /** Whether rungs above the second open only while the two highest disagree. */
  readonly pasha: boolean;
  readonly proposer: Proposer;
  readonly objectives: (outcome: Outcome & { state: 'completed' }, architecture: Json) => Objectives;
}

/** What is known of a candidate that has gone on: its scores by rung, and all along its learning curves. */
interface History {
  readonly scores: number[];
  readonly curve: number[];
}

/** Algorithm 2 of the paper; with PASHA's rule also algorithm 1 of its own. */
class Asha implements Strategy {
  readonly #options: AshaOptions;
  readonly #questions: Questions;
  readonly #rungs: readonly PromotionRung[];
  readonly #jobs: { readonly candidate: ProposedCandidate; readonly level: number }[] = [];
  /** The last trial of each candidate, and the last that has a score. */
  readonly #trials = new Map<ProposedCandidate, number>();
  readonly #scored = new Map<ProposedCandidate, number>();
  readonly #histories = new Map<ProposedCandidate, History>();
  /** The highest rung that is open. */
  #top: number;
  /** Differences up to this are noise. */
  #epsilon = 0;

  constructor(options: AshaOptions) {
    this.#options = options;
    this.#top = options.pasha ? Math.min(1, options.halvings) : options.halvings;
    this.#questions = new Questions(options.space);
    this.#rungs = Array.from(
      { length: options.halvings + 1 },
      (_, level) => new PromotionRung(options.eta, 1 / options.eta ** (options.halvings - level)),
    );
  }

  async ask(): Promise<Proposal | 'wait' | 'exhausted'> {
    const promoted = this.#promotion();
    if (promoted !== null) return promoted;
    const candidate = await this.#options.proposer.draw();
    if (candidate === 'wait') return candidate;
    return candidate === 'exhausted' ? this.#lastPromotion() : this.#ask(candidate, 0);
  }

  async tell(trial: number, outcome: Outcome): Promise<void> {
    const architecture = this.#questions.answer(trial);
    const job = this.#jobs[trial];
    if (job === undefined) throw new RangeError(`trial ${trial} has no rung`);
    const { candidate, level } = job;
    if (outcome.state === 'lost') this.#rungs[level]?.lose();
    else
      this.#rungs[level]?.note(
        candidate,
        outcome.state === 'completed' ? this.#options.objectives(outcome, architecture) : null,
      );
    if (outcome.state === 'completed') this.#scored.set(candidate, trial);
    if (this.#options.pasha && outcome.state === 'completed') this.#compare(candidate, level, outcome);
    if (level === 0) await this.#options.proposer.tell(candidate, outcome);
  }

  close(): Promise<void> {
    return this.#options.proposer.close();
  }

  /** Opens one more rung where the two highest rank their candidates differently. */
  #compare(candidate: ProposedCandidate, level: number, { score, curve = [] }: Outcome & { state: 'completed' }): void {
    const history = this.#histories.get(candidate) ?? { scores: [], curve: [] };
    this.#histories.set(candidate, history);
    history.scores[level] = score;
    history.curve.push(...(curve.length > 0 ? curve : [score]));
    if (level < this.#top || this.#top === this.#options.halvings) return;
    const reached = [...this.#histories.values()].filter(({ scores }) => scores[level] !== undefined);
    this.#epsilon = rankNoise(reached.map((one) => one.curve)) ?? this.#epsilon;
    const [before, after] = [level - 1, level].map((rung) => reached.map(({ scores }) => scores[rung] ?? Number.NaN));
    if (!ranksAlike(before ?? [], after ?? [], this.#epsilon)) this.#top++;
  }

  /** The best of the highest rung that has one to promote: those close to a full evaluation go first. */
  #promotion(): Proposal | null {
    for (const [level, rung] of [...this.#rungs.entries()].reverse()) {
      const candidate = level >= this.#top ? undefined : rung.promotable();
      if (candidate !== undefined) return this.#promote(candidate, level);
    }
    return null;
  }

  /** Nothing new is left: a rung that gets no more results promotes its best even if there are fewer than η. */
  #lastPromotion(): Proposal | 'wait' | 'exhausted' {
    for (const [level, rung] of this.#rungs.entries()) {
      if (rung.open > 0) return 'wait';
      const candidate = level >= this.#top ? undefined : rung.lastPromotable();
      if (candidate !== undefined) return this.#promote(candidate, level);
    }
    return 'exhausted';
  }

  #promote(candidate: ProposedCandidate, level: number): Proposal {
    this.#rungs[level]?.promote(candidate);
    return this.#ask(candidate, level + 1);
  }

  #ask(candidate: ProposedCandidate, level: number): Proposal {
    const parent = this.#trials.get(candidate) ?? (candidate.parent && this.#scored.get(candidate.parent));
    this.#trials.set(candidate, this.#questions.next);
    this.#jobs.push({ candidate, level });
    const fidelity = this.#rungs[level]?.begin() ?? 1;
    return this.#questions.ask(candidate.architecture, { fidelity, ...(parent !== undefined && { parent }) });
  }
}

const settings = z.strictObject({
  ...fidelitySettings,
  pasha: z
    .boolean()
    .default(false)
    .describe(
      'PASHA: only the two lowest fidelities are used at first, and a larger one only when the ranks of the two largest disagree beyond noise.',
    ),
});

export const asha = (strategies: readonly StrategyDefinition[]): StrategyDefinition =>
  defineStrategy({
    name: 'asha',
    title: 'Asynchronous successive halving (ASHA)',
    paper:
      'Li et al., A System for Massively Parallel Hyperparameter Tuning, MLSys 2020; pasha: Bohdal et al., PASHA: Efficient HPO and NAS with Progressive Resource Allocation, ICLR 2023',
    description:
      'Gives a candidate more fidelity as soon as it is among the best so far with its fidelity, so that no worker ever waits.',
    settings,
    dependsOnOrder: true,
    isMadeOfAnother: true,
    leastFidelity: leastFidelityOf,
    quantities: ({ minimise, proposer }) => [...minimising(minimise), ...quantitiesOf(strategies, proposer)],
    create({ space, settings: { eta, resource, pasha, proposer, minimise }, costOf, request }) {
      const halvings = mostHalvings(resource, eta);
      return new Asha({
        space,
        eta,
        halvings,
        pasha,
        proposer: createProposer(strategies, proposer, request, 1 / eta ** halvings),
        objectives: (outcome, architecture) => objectivesOf(outcome, architecture, minimise, costOf),
      });
    },
  });
