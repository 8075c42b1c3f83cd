/** @file What a search strategy is: it asks questions and is told the answers. */
import type { z } from 'zod';
import type { Engine } from '../engine/engine.js';
import type { Json } from '../json.js';
import { checkSettings } from '../settings-error.js';
import type { Constraints, Costs, QuantityUse } from './feasible/constraints.js';
import { FeasibleSpace, type SearchedSpace } from './feasible/feasible-space.js';

/** A question: how good is this architecture? */
export interface Proposal {
  readonly architecture: Json;
  /**
   * The share of a full evaluation that the answer is worth, in (0, 1]; a full one if absent. The same architecture may
   * be proposed again with a larger fidelity: that is a trial of its own.
   */
  readonly fidelity?: number;
  /**
   * The trial that the answer may go on from: of the same architecture with a smaller fidelity, whose training then goes on,
   * or of the architecture from which this one descends, whose weights it may inherit.
   */
  readonly parent?: number;
}

/**
 * The answer. Higher scores are better; other states say that there is no score, which counts as the worst: `scoreOf` of
 * score.ts says why.
 */
export type Outcome =
  | {
      readonly state: 'completed';
      readonly score: number;
      /** What is known of the candidate beside its score, such as a latency that was measured. */
      readonly costs?: Costs;
      /** The score at each point of the learning curve of this trial, in their order; absent where it has none. */
      readonly curve?: readonly number[];
    }
  | { readonly state: 'failed' | 'infeasible' }
  /** It was stopped by its learning curve. */
  | {
      readonly state: 'pruned';
      /** The score that it would have come to, where the stopping rule predicts one. */
      readonly predicted?: number | undefined;
      readonly costs?: Costs;
    }
  /** There is no answer and will be none, which says nothing of the architecture: its process was killed from outside. */
  | { readonly state: 'lost' };

/**
 * History in, question out: no I/O, no clock. The same space, seed and history of calls give the same next question, so
 * that replaying `ask` and `tell` restores a strategy.
 */
export interface Strategy {
  /**
   * The next question. Trials have the numbers 0, 1, 2, … in the order of the questions. 'exhausted' if there is none
   * left, and never will be; 'wait' if the next one depends on answers that are still open: only then, and without any
   * effect on later questions.
   */
  ask(): Promise<Proposal | 'wait' | 'exhausted'>;
  /** The answer to a question, in any order, once. Several questions may be open at a time. */
  tell(trial: number, outcome: Outcome): Promise<void>;
  /** Frees what it holds outside of JavaScript's memory, such as a network that it trains; nothing is asked afterwards. */
  close?(): Promise<void>;
}

/** What a strategy is made from. */
export interface StrategyRequest {
  /** A feasible one has limits and costs of its own, in place of `constraints`. */
  readonly space: SearchedSpace | FeasibleSpace;
  /** As the user wrote them; missing ones have defaults. */
  readonly settings: unknown;
  readonly seed: number;
  /** The limits, perhaps none of them, and what architectures cost. Neither is known if absent. */
  readonly constraints?: Constraints | undefined;
  /** Runs the networks of strategies that train some (`trainsNetwork`); the others need none. */
  readonly engine?: Engine | undefined;
}

/** A strategy: what it is called, what it declares, and how it is made of its settings. */
export interface StrategyDefinition {
  readonly name: string;
  readonly title: string;
  /** The publication that introduced it. */
  readonly paper: string;
  readonly description: string;
  /** Settings with their defaults; unknown keys are errors. */
  readonly settings: z.ZodObject;
  /** Whether its questions depend on the order of the answers: if not, any number of workers gives the same trials. */
  readonly dependsOnOrder: boolean;
  /**
   * Whether it trains networks of its own, in an engine: a question then takes milliseconds. `optional` if its settings
   * decide that. Default `never`.
   */
  readonly trainsNetwork?: 'never' | 'optional' | 'always';
  /** Whether it gets its candidates from another strategy: it then is none of which others can be made. Default `false`. */
  readonly isMadeOfAnother?: boolean;
  /**
   * What it works with of candidates beside their scores, as it was set. Default: nothing.
   * @throws {UsageError} where a setting is wrong
   */
  quantities?(settings: unknown): readonly QuantityUse[];
  /**
   * The least share of a full evaluation that it asks for, as it was set. Default: 1, it asks for full ones only.
   * @throws {UsageError} where a setting is wrong
   */
  leastFidelity?(settings: unknown): number;
  /** @throws {UsageError} where a setting is wrong, or no architecture keeps to the limits */
  create(request: StrategyRequest): Strategy;
}

/** What a strategy itself sees: settings that were checked, and a space without architectures beyond the limits. */
export interface StrategyContext<Settings> {
  readonly space: FeasibleSpace;
  readonly settings: Settings;
  readonly seed: number;
  /** What an architecture costs, known before it is evaluated; `null` where costs are not known. */
  readonly costOf: ((architecture: Json) => Costs) | null;
  /**
   * Runs the networks that it trains.
   * @throws {RangeError} where the request has none
   */
  engine(): Engine;
  /**
   * The request, its space being `space`, from which a strategy that is made of others makes them. Its file exports a
   * function of those that it may be made of, and the registry calls it: `asha(strategies)`.
   */
  readonly request: StrategyRequest;
}

/** A definition whose `create` gets checked settings and the feasible part of the space. */
export function defineStrategy<S extends z.ZodObject>(
  definition: Omit<StrategyDefinition, 'settings' | 'create' | 'quantities' | 'leastFidelity'> & {
    readonly settings: S;
    create(context: StrategyContext<z.infer<S>>): Strategy;
    quantities?(settings: z.infer<S>): readonly QuantityUse[];
    leastFidelity?(settings: z.infer<S>): number;
  },
): StrategyDefinition {
  const check = (settings: unknown): z.infer<S> =>
    checkSettings(definition.settings, settings ?? {}, { source: `the strategy ${definition.name}` });
  return {
    ...definition,
    quantities: (settings) => definition.quantities?.(check(settings)) ?? [],
    leastFidelity: (settings) => definition.leastFidelity?.(check(settings)) ?? 1,
    create(request) {
      const { space: searched, constraints } = request;
      const space = searched instanceof FeasibleSpace ? searched : new FeasibleSpace(searched, constraints);
      return definition.create({
        space,
        settings: check(request.settings),
        seed: request.seed,
        costOf: space.costOf,
        engine() {
          if (request.engine !== undefined) return request.engine;
          throw new RangeError(`the strategy ${definition.name} trains a network: its request needs an engine`);
        },
        request: { ...request, space },
      });
    },
  };
}
