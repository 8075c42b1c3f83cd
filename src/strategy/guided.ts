/** @file Guidance as a strategy: another one proposes from a space that costs have screened, and is told rewards. */
import { z } from 'zod';
import type { Json } from '../json.js';
import { deriveSeed, Random } from '../random.js';
import { type Costs, knownAmount } from './feasible/constraints.js';
import type { FeasibleSpace } from './feasible/feasible-space.js';
import { type Guidance, guidanceDefaults } from './guidance/guidance.js';
import { hardReward, rewarded, softReward } from './guidance/reward.js';
import { createProposer, type ProposedCandidate, quantitiesOf } from './proposer.js';
import { Questions } from './questions.js';
import { defineStrategy, type Strategy, type StrategyContext, type StrategyDefinition } from './strategy.js';

const quantity = z.string().min(1);

const settings = z.strictObject({
  proposer: z
    .looseObject({ name: z.string() })
    .default({ name: 'bayesian' })
    .describe('The strategy that is guided: its name and its settings.'),
  score: quantity
    .nullable()
    .default(null)
    .describe(
      'The cheap score that screens samples and mutations, more being better: params, macs, or whatever is known of candidates ' +
        'before they are evaluated; by default none does.',
    ),
  samples: z
    .int()
    .min(1)
    .max(65_536)
    .default(guidanceDefaults.samples)
    .describe('Samples of which the best is drawn; 3,000 / 64 in Abdelfattah et al.'),
  pool: z
    .int()
    .min(1)
    .max(65_536)
    .default(guidanceDefaults.pool)
    .describe('Samples that are scored in all, each when it is first met; 3,000 in Abdelfattah et al.'),
  mutations: z
    .int()
    .min(1)
    .max(65_536)
    .default(guidanceDefaults.mutations)
    .describe('Mutations of which the best is proposed.'),
  unscreened: z
    .number()
    .min(0)
    .max(1)
    .default(guidanceDefaults.unscreened)
    .describe('Share of draws and mutations that are left as they are, since a cheap score may be wrong.'),
  reward: z
    .strictObject({ quantity, target: z.number().gt(0), form: z.enum(['soft', 'hard']).default('soft') })
    .nullable()
    .default(null)
    .describe(
      "MnasNet's reward: scores times (cost / target)^w, w = −0.07 (soft), or −1 beyond the target only (hard). The " +
        'quantity may be known before an evaluation, or measured by it, such as latencyMs.',
    ),
});

const rewardForms = { soft: softReward, hard: hardReward };

/** @param strategies all that there are, among them those that may be guided. */
export function guided(strategies: readonly StrategyDefinition[]): StrategyDefinition {
  return defineStrategy({
    name: 'guided',
    title: 'Guidance by cheap scores',
    paper: 'Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021',
    description: 'Another strategy, which sees only the best of several samples and mutations by a cheap score.',
    settings,
    dependsOnOrder: true,
    isMadeOfAnother: true,
    quantities: ({ proposer, score, reward }) => [
      ...(score === null ? [] : [{ quantity: score, use: 'screen by' as const }]),
      ...(reward === null ? [] : [{ quantity: reward.quantity, use: 'weigh' as const }]),
      ...quantitiesOf(strategies, proposer),
    ],
    create: (context) => create(strategies, context),
  });
}

function create(
  strategies: readonly StrategyDefinition[],
  { space, settings: checked, costOf, seed, request }: StrategyContext<z.infer<typeof settings>>,
): Strategy {
  const { proposer: proposed, score, reward: rewards, ...options } = checked;
  const screened =
    score === null
      ? space
      : space.guidedBy({
          ...options,
          score: knownScore(score, space, new Random(seed).stream('known')),
          seed: deriveSeed(seed, 'guidance'),
        });
  const proposer = createProposer(strategies, proposed, { ...request, space: screened }, 1);
  const reward = rewards === null ? null : rewardForms[rewards.form](rewards);
  const questions = new Questions(space);
  const candidates = new Map<number, ProposedCandidate>();
  const trials = new Map<ProposedCandidate, number>();
  return {
    async ask() {
      const candidate = await proposer.draw();
      if (typeof candidate === 'string') return candidate;
      candidates.set(questions.next, candidate);
      trials.set(candidate, questions.next);
      const parent = candidate.parent && trials.get(candidate.parent);
      return questions.ask(candidate.architecture, { ...(parent !== undefined && { parent }) });
    },
    async tell(trial, outcome) {
      const architecture = questions.answer(trial);
      const candidate = candidates.get(trial);
      candidates.delete(trial);
      if (candidate === undefined) return;
      const told = reward === null ? outcome : rewarded(outcome, costOf?.(architecture) ?? {}, reward);
      await proposer.tell(candidate, told);
    },
    close: () => proposer.close(),
  };
}

/**
 * The quantity as a score. Of some candidates it may be unknown, such as those outside of a table.
 * @throws {UsageError} where it is known of none, as a sample tells
 */
function knownScore(quantity: string, space: FeasibleSpace, random: Random): Guidance['score'] {
  const costs = (architecture: Json): Costs => space.costOf?.(architecture) ?? {};
  const known = costs(space.sample(random));
  if (!Object.hasOwn(known, quantity)) knownAmount(quantity, known, 'screen by');
  return (architecture) => costs(architecture)[quantity] ?? Number.NaN;
}
