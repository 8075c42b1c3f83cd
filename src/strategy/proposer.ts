/** @file The strategy from which one that is made of others gets its candidates. */
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import { deriveSeed } from '../random.js';
import { didYouMean } from '../suggestion.js';
import type { QuantityUse } from './feasible/constraints.js';
import type { Outcome, Strategy, StrategyDefinition, StrategyRequest } from './strategy.js';

/** An architecture under comparison. */
export interface ProposedCandidate {
  readonly architecture: Json;
  /** The proposer's number of it. */
  readonly number: number;
  /** The one from whose architecture this one descends. */
  readonly parent?: ProposedCandidate;
}

/**
 * Asks another strategy, and tells it what the first and smallest evaluation of each candidate gave: scores of different
 * fidelities do not compare, so one proposer sees those of one fidelity.
 */
export class Proposer {
  readonly #strategy: Strategy;
  readonly #drawn: ProposedCandidate[] = [];

  constructor(strategy: Strategy) {
    this.#strategy = strategy;
  }

  /** A new candidate; 'wait' where it depends on answers to come, 'exhausted' where there is none. */
  async draw(): Promise<ProposedCandidate | 'wait' | 'exhausted'> {
    const proposal = await this.#strategy.ask();
    if (typeof proposal === 'string') return proposal;
    const parent = proposal.parent === undefined ? undefined : this.#drawn[proposal.parent];
    const candidate = { architecture: proposal.architecture, number: this.#drawn.length, ...(parent && { parent }) };
    this.#drawn.push(candidate);
    return candidate;
  }

  /** What the candidate's first evaluation gave. */
  async tell({ number }: ProposedCandidate, outcome: Outcome): Promise<void> {
    await this.#strategy.tell(number, outcome);
  }

  /** Frees what the strategy holds. */
  async close(): Promise<void> {
    await this.#strategy.close?.();
  }
}

/**
 * A proposer as the settings name it.
 *
 * @param strategies all that there are by now; those that are themselves made of another cannot propose
 * @param fidelity at which it sees its candidates; proposers of different fidelities draw differently
 * @throws {UsageError} where there is no such strategy among those that can propose, or its settings are wrong
 */
export function createProposer(
  strategies: readonly StrategyDefinition[],
  { name, ...settings }: { readonly name: string; readonly [setting: string]: unknown },
  request: StrategyRequest,
  fidelity: number,
): Proposer {
  const definition = proposerNamed(strategies, name);
  return new Proposer(
    definition.create({ ...request, settings, seed: deriveSeed(request.seed, 'proposer', String(fidelity)) }),
  );
}

/**
 * What a proposer works with of candidates.
 * @throws {UsageError} where `createProposer` does
 */
export const quantitiesOf = (
  strategies: readonly StrategyDefinition[],
  { name, ...settings }: { readonly name: string; readonly [setting: string]: unknown },
): readonly QuantityUse[] => proposerNamed(strategies, name).quantities?.(settings) ?? [];

function proposerNamed(strategies: readonly StrategyDefinition[], name: string): StrategyDefinition {
  const able = strategies.filter(({ isMadeOfAnother = false }) => !isMadeOfAnother);
  const definition = able.find((one) => one.name === name);
  if (definition === undefined) {
    const names = able.map((one) => one.name);
    throw new UsageError(
      `"${name}" cannot be a proposer${didYouMean(name, names)}; proposer.name is one of ${names.join(', ')}.`,
    );
  }
  return definition;
}
