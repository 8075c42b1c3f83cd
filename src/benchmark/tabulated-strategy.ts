/** @file Strategies over the space of a table. */

import type { Engine } from '../engine/engine.js';
import type { Json } from '../json.js';
import { referred } from '../reference/reference.js';
import type { WrittenSettings } from '../reference/reference-text.js';
import { strategyRegistry } from '../strategy/registry.js';
import type { Strategy } from '../strategy/strategy.js';
import type { Tabulation } from './tabulation.js';

/** A strategy by its name, or by the path of a module that exports one, with settings as the user wrote them. */
export interface StrategyChoice {
  readonly name: string;
  readonly settings: WrittenSettings;
}

/** @throws {UsageError} where the strategy is unknown or a setting is wrong */
export async function tabulatedStrategy(
  table: Tabulation,
  { name, settings }: StrategyChoice,
  seed: number,
  engine: Engine,
): Promise<Strategy> {
  const { definition: strategy } = await referred(name, strategyRegistry);
  const constraints = { limits: {}, cost: (architecture: Json) => table.costOf(architecture) };
  return strategy.create({ space: table.searched, settings, seed, constraints, engine });
}
