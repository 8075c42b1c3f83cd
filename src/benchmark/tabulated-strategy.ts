/** @file Strategies over the space of a table. */
import type { Json } from '../json.js';
import type { Engine } from '../strategy/engine.js';
import { strategyNamed } from '../strategy/registry.js';
import type { Strategy } from '../strategy/strategy.js';
import type { Tabulation } from './tabulation.js';

/** A strategy by its name, with settings as the user wrote them. */
export interface StrategyChoice {
  readonly name: string;
  readonly settings: Json;
}

/** Most strategies train no network and never load ONNX Runtime. */
const engine: Engine = {
  load: async (model) => (await import('../runtime/session.js')).Session.load(model),
};

/** @throws {UsageError} for an unknown strategy or a wrong setting */
export function tabulatedStrategy(table: Tabulation, { name, settings }: StrategyChoice, seed: number): Strategy {
  const constraints = { limits: {}, cost: (architecture: Json) => table.costOf(architecture) };
  return strategyNamed(name).create({ space: table.searched, settings, seed, constraints, engine });
}
