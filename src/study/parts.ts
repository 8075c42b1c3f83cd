/** @file The parts that a study joins, made from its configuration: a strategy over a space, and networks to evaluate. */

import type { Engine } from '../engine/engine.js';
import type { Json } from '../json.js';
import type { NetworkJson } from '../nn/network-json.js';
import type { Amounts } from '../quantity/quantity.js';
import { deriveSeed } from '../random.js';
import type { StudyConfiguration } from '../record/configuration.js';
import type { CandidateCost } from '../record/event.js';
import { spaceNamed } from '../space/registry.js';
import { type BuildTarget, type CostFunction, costFunction } from '../space/space.js';
import { strategyNamed } from '../strategy/registry.js';
import { stoppingNamed } from '../strategy/stopping/registry.js';
import type { StoppingRule } from '../strategy/stopping/stopping.js';
import type { Strategy } from '../strategy/strategy.js';

/** What a proposal comes to: a network to evaluate, and what it costs. */
export interface Candidate {
  readonly network: NetworkJson;
  readonly cost: CandidateCost;
}

export interface StudyParts {
  /** A fresh strategy, always of the same seed. */
  createStrategy(): Strategy;
  /** Decides by their learning curves which trials are not worth finishing; all are if absent. */
  readonly stopping?: StoppingRule | undefined;
  /** The same candidate for the same architecture. What it throws fails the trial, a `UsageError` ends the search. */
  prepare(architecture: Json): Candidate;
}

export interface PartsOptions {
  /** Runs the networks of strategies that train some; the others need none. */
  readonly engine?: Engine;
  /** Counts the quantities that the configuration limits. Default: parameters, MACs and peak activation memory. */
  readonly cost?: (architecture: Json) => Amounts;
}

/**
 * The parts that a configuration names.
 *
 * @param target what the networks are for, known from the data
 * @throws UsageError if a name or a setting is wrong, or no architecture keeps to the limits
 */
export function partsOf(
  configuration: StudyConfiguration,
  target: BuildTarget,
  { engine, cost = costOf(configuration.space.name, target) }: PartsOptions = {},
): StudyParts {
  const space = spaceNamed(configuration.space.name);
  const definition = strategyNamed(configuration.strategy.name);
  return {
    createStrategy: () =>
      definition.create({
        space,
        settings: configuration.strategy.settings,
        seed: deriveSeed(configuration.seed, 'strategy'),
        constraints: { limits: configuration.constraints, cost },
        engine,
      }),
    stopping: stoppingRule(configuration.stopping),
    prepare: (architecture) => {
      const network = space.build(space.decisions.validate(architecture), target);
      return { network: network.toJson(), cost: { ...network.cost() } };
    },
  };
}

const costOf = (space: string, target: BuildTarget): CostFunction<Json> => costFunction(spaceNamed(space), target);

const stoppingRule = (chosen: StudyConfiguration['stopping']): StoppingRule | undefined =>
  chosen && stoppingNamed(chosen.name).create(chosen.settings);
