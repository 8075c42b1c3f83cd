/** @file Search strategies as users name them: those of the registry by name, their own by the module that exports one. */
import { z } from 'zod';
import { registerStrategy, strategies, strategyNamed } from '../strategy/registry.js';
import type { StrategyDefinition } from '../strategy/strategy.js';
import { type Definable, hasMembers, referred } from './own-module.js';

/** A strategy and where it comes from. */
export interface ReferredStrategy {
  readonly strategy: StrategyDefinition;
  /** The absolute path of the module that exports it; `null` for a strategy of the registry. */
  readonly module: string | null;
}

const definable: Definable<StrategyDefinition> = {
  noun: 'search strategy',
  plural: 'search strategies',
  maker: 'defineStrategy({ … })',
  schema: z.custom<StrategyDefinition>((value) =>
    hasMembers(value, {
      string: ['name', 'title', 'paper', 'description'],
      function: ['create'],
      object: ['settings'],
      boolean: ['dependsOnOrder'],
    }),
  ),
  known: strategies,
  named: strategyNamed,
  register: registerStrategy,
};

/**
 * The strategy that `reference` means: a name, or the path of a module that exports one.
 * @throws {UsageError} as `referred`
 */
export async function referredStrategy(reference: string): Promise<ReferredStrategy> {
  const { one, module } = await referred(reference, definable);
  return { strategy: one, module };
}
