/** @file What a study needs beside its record, made from its configuration: a strategy, the candidates' networks, the evaluation. */
import type { Engine } from '../engine/engine.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import type { Json } from '../json.js';
import type { NetworkJson } from '../nn/network-json.js';
import type { Amounts } from '../quantity/quantity.js';
import { deriveSeed } from '../random.js';
import type { StudyConfiguration } from '../record/configuration.js';
import type { CandidateCost } from '../record/event.js';
import { spaceNamed } from '../space/registry.js';
import { type BuildTarget, buildNetwork, type CostFunction, costFunction } from '../space/space.js';
import { strategyNamed } from '../strategy/registry.js';
import { stoppingNamed } from '../strategy/stopping/registry.js';
import type { StoppingRule } from '../strategy/stopping/stopping.js';
import type { Strategy } from '../strategy/strategy.js';

/** What a proposal comes to: a network to evaluate, and what it costs. */
export interface Candidate {
  readonly network: NetworkJson;
  readonly cost: CandidateCost;
  /** Of the network at full size. */
  readonly layers: number;
}

export interface StudySetup {
  /** What the networks are for. */
  readonly target: BuildTarget;
  /** A fresh strategy, always of the same seed. */
  createStrategy(): Strategy;
  /** Decides by their curves which trials are not worth finishing; all are if absent. */
  readonly stopping?: StoppingRule | undefined;
  /** Whether something is made before the first trial that all of them share. */
  readonly isPrepared: boolean;
  /** Whether trials begin with what their parents have made. */
  readonly inherits: boolean;
  /**
   * The same candidate for the same architecture at the same fidelity. What it throws fails the trial, a `UsageError` ends the
   * search.
   */
  candidateOf(architecture: Json, fidelity: number): Candidate;
}

export interface SetupOptions {
  /** What the networks are for, known from the data. */
  readonly target: BuildTarget;
  /** Runs the networks that strategies train. */
  readonly engine: Engine;
  /** How candidates are evaluated: it may want smaller networks than the target's, and a preparation. Default: neither. */
  readonly evaluation?: Pick<Evaluation, 'target' | 'prepare' | 'inherits'>;
  /** Counts the quantities that the configuration limits. Default: those that every network knows of itself. */
  readonly cost?: (architecture: Json) => Amounts;
}

/**
 * The setup that a configuration asks for. Costs are those of the network at full size; what is evaluated may be smaller.
 *
 * @throws {UsageError} where a name or a setting is wrong, or no architecture keeps to the limits
 */
export function setupOf(configuration: StudyConfiguration, options: SetupOptions): StudySetup {
  const { target, engine, evaluation = {} } = options;
  const space = spaceNamed(configuration.space.name);
  const cost: CostFunction<Json> | ((architecture: Json) => Amounts) = options.cost ?? costFunction(space, target);
  const definition = strategyNamed(configuration.strategy.name);
  // Latency is measured, and so differs from time to time: a strategy that knew it before could not be replayed.
  const { latencyMs: _, ...counted } = configuration.constraints;
  return {
    target,
    isPrepared: evaluation.prepare !== undefined,
    inherits: evaluation.inherits ?? false,
    createStrategy: () =>
      definition.create({
        space,
        settings: configuration.strategy.settings,
        seed: deriveSeed(configuration.seed, 'strategy'),
        constraints: { limits: counted, cost },
        engine,
      }),
    stopping: stoppingRule(configuration),
    candidateOf(architecture, fidelity) {
      const network = buildNetwork(space, architecture, target);
      const smaller = evaluation.target && buildNetwork(space, architecture, evaluation.target(target, fidelity));
      const layers = network.layers.length;
      return { network: (smaller ?? network).toJson(), cost: { ...network.cost() }, layers };
    },
  };
}

const stoppingRule = ({ stopping, seed }: StudyConfiguration): StoppingRule | undefined =>
  stopping && stoppingNamed(stopping.name).create(stopping.settings, deriveSeed(seed, 'stopping'));
