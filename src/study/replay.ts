/** @file A study goes on where it stopped: its log is told again to a fresh strategy, which is then where the old one was. */
import { WorkError } from '../error.js';
import { canonicalJson, type Json } from '../json.js';
import { type CandidateCost, knownCosts, type StoppingJudgement, type StudyEvent } from '../record/event.js';
import type { Outcome, Strategy } from '../strategy/strategy.js';

/** A trial that was asked and has no outcome. */
export interface Question {
  readonly trial: number;
  readonly seed: number;
  readonly architecture: Json;
  /** The share of a full evaluation; a full one if absent. */
  readonly fidelity?: number | undefined;
  /** The trial that it goes on from, or from whose architecture it descends. */
  readonly parent?: number | undefined;
}

export interface ReplayedLog {
  /** How many trials were asked. */
  readonly asked: number;
  /** In the order of their numbers. */
  readonly unanswered: Question[];
}

/**
 * Asks and tells the strategy as the log has it, in its order, since a strategy may depend on the order.
 *
 * @param costOf what a candidate costs by now
 * @param curveOf what a strategy is told of the curve of a completed trial
 * @throws {WorkError} where the strategy now asks something else, or a candidate is another network: the space or the
 *   strategy has changed since
 */
export async function replay(
  study: string,
  events: readonly StudyEvent[],
  strategy: Strategy,
  costOf: (question: Question) => CandidateCost,
  curveOf: (trial: number) => Pick<Outcome & { state: 'completed' }, 'curve'>,
): Promise<ReplayedLog> {
  const unanswered = new Map<number, Question>();
  const costs = new Map<number, CandidateCost>();
  let asked = 0;
  for (const event of events) {
    switch (event.kind) {
      case 'asked': {
        const proposal = await strategy.ask();
        const now = typeof proposal === 'string' ? proposal : proposalText(proposal);
        const then = proposalText(event);
        if (now !== then) throw changed(study, event.trial, `its strategy proposed ${then}`, `it proposes ${now}`);
        const cost = costOf(event);
        for (const [quantity, amount] of Object.entries(event.cost)) {
          const present = cost[quantity] ?? amount;
          if (present === amount) continue;
          throw changed(study, event.trial, `${then} had ${amount} ${quantity}`, `its network has ${present}`);
        }
        unanswered.set(event.trial, event);
        costs.set(event.trial, event.cost);
        asked++;
        break;
      }
      case 'completed':
        unanswered.delete(event.trial);
        await strategy.tell(event.trial, {
          state: 'completed',
          score: event.score,
          costs: { ...knownCosts(costs.get(event.trial) ?? {}), ...event.costs },
          ...curveOf(event.trial),
        });
        break;
      case 'lost':
        if (event.again) break;
        unanswered.delete(event.trial);
        await strategy.tell(event.trial, { state: 'lost' });
        break;
      case 'pruned':
        unanswered.delete(event.trial);
        await strategy.tell(event.trial, prunedOutcome(event.judgement, costs.get(event.trial) ?? {}));
        break;
      case 'failed':
      case 'infeasible':
        unanswered.delete(event.trial);
        await strategy.tell(event.trial, { state: event.kind });
        break;
    }
  }
  return { asked, unanswered: [...unanswered.values()] };
}

/** What a strategy is told of a trial that was stopped. */
export const prunedOutcome = (judgement: StoppingJudgement | undefined, cost: CandidateCost): Outcome => ({
  state: 'pruned',
  predicted: judgement?.prediction?.value,
  costs: knownCosts(cost),
});

const proposalText = ({ architecture, fidelity = 1 }: Pick<Question, 'architecture' | 'fidelity'>): string =>
  `${canonicalJson(architecture)}${fidelity === 1 ? '' : ` with ${fidelity} of a full evaluation`}`;

const changed = (study: string, trial: number, then: string, now: string): WorkError =>
  new WorkError(
    `The study "${study}" cannot go on: as trial ${trial} ${then}, and now ${now}. The search space, the strategy or the data has changed since, perhaps with another version of nasturtium. Resume it with the version that began it, or start a new study; everything recorded is kept.`,
  );
