/** @file Guidance as a strategy: another one proposes from a space that costs have screened, and is told rewards. */
import { z } from 'zod';
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import { type Costs, knownAmount } from './constraints.js';
import { FeasibleSpace } from './feasible-space.js';
import { type Candidate, createProposer } from './fidelity/proposer.js';
import { guidedSpace } from './guidance/guided-space.js';
import { hardReward, rewarded, softReward } from './guidance/reward.js';
import { Questions } from './questions.js';
import { defineStrategy, type Strategy, type StrategyContext, type StrategyDefinition } from './strategy.js';

const quantity = z.enum(['params', 'macs', 'peakActivationBytes']);

const settings = z.strictObject({
  proposer: z
    .looseObject({ name: z.string() })
    .default({ name: 'bayesian' })
    .describe('The strategy that is guided: its name and its settings.'),
  score: quantity
    .nullable()
    .default(null)
    .describe('The cheap score that screens samples and mutations, more being better; by default none does.'),
  samples: z
    .int()
    .min(1)
    .max(65_536)
    .default(47)
    .describe('Samples of which the best is drawn; 3,000 / 64 in Abdelfattah et al.'),
  mutations: z.int().min(1).max(65_536).default(4).describe('Mutations of which the best is proposed.'),
  reward: z
    .strictObject({ quantity, target: z.number().gt(0), form: z.enum(['soft', 'hard']).default('soft') })
    .nullable()
    .default(null)
    .describe(
      "MnasNet's reward: scores times (cost / target)^w, w = −0.07 (soft), or −1 beyond the target only (hard).",
    ),
});

const rewardForms = { soft: softReward, hard: hardReward };

/** @param proposers those that may be guided. */
export function guided(proposers: readonly StrategyDefinition[]): StrategyDefinition {
  return defineStrategy({
    name: 'guided',
    title: 'Guidance by cheap scores',
    paper: 'Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021',
    description: 'Another strategy, which sees only the best of several samples and mutations by a cheap score.',
    settings,
    dependsOnOrder: true,
    create: (context) => create(proposers, context),
  });
}

function create(
  proposers: readonly StrategyDefinition[],
  { settings: checked, costOf, request }: StrategyContext<z.infer<typeof settings>>,
): Strategy {
  const { score, samples, mutations } = checked;
  if (costOf === null && (score !== null || checked.reward !== null)) {
    throw new UsageError('The strategy "guided" needs to know what architectures cost, which nothing tells here.');
  }
  const costs = (architecture: Json): Costs => costOf?.(architecture) ?? {};
  const space =
    score === null
      ? request.space
      : guidedSpace(request.space, (architecture) => scoreOf(score, costs(architecture)), { samples, mutations });
  const proposer = createProposer(proposers, checked.proposer, { ...request, space }, 1);
  const reward = checked.reward === null ? null : rewardForms[checked.reward.form](checked.reward);
  const questions = new Questions(new FeasibleSpace(request.space));
  const candidates = new Map<number, Candidate>();
  return {
    async ask() {
      const candidate = await proposer.draw();
      if (typeof candidate === 'string') return candidate;
      candidates.set(questions.next, candidate);
      return questions.ask(candidate.architecture);
    },
    async tell(trial, outcome) {
      const architecture = questions.answer(trial);
      const candidate = candidates.get(trial);
      candidates.delete(trial);
      if (candidate === undefined) return;
      await proposer.tell(candidate, reward === null ? outcome : rewarded(outcome, costs(architecture), reward));
    },
    close: () => proposer.close(),
  };
}

/** A quantity that is known in general, but not of this candidate, such as one outside of a table, promises nothing. */
const scoreOf = (quantity: string, costs: Costs): number =>
  Object.hasOwn(costs, quantity) ? (costs[quantity] ?? 0) : knownAmount(quantity, costs, 'screen by');
