/** @file The stopping rules by name. */
import { Registry } from '../../registry.js';
import { curvePrediction } from './curve-prediction.js';
import { guardedStopping } from './guarded-stopping.js';
import { median } from './median.js';
import type { StoppingDefinition } from './stopping.js';
import { successiveHalvingStopping } from './successive-halving.js';

const text = {
  noun: 'stopping rule',
  plural: 'stopping rules',
  maker: '{ name, title, paper, settings, create }',
  members: { string: ['name', 'title', 'paper'], function: ['create'], object: ['settings'] },
  guarded: guardedStopping,
};

export const stoppingRegistry = new Registry<StoppingDefinition>(text, [
  median,
  successiveHalvingStopping,
  curvePrediction,
]);

/** Every stopping rule, in the order in which they are listed. */
export const stoppingRules: readonly StoppingDefinition[] = stoppingRegistry.all;

/**
 * Makes a stopping rule of one's own known by its name.
 * @throws {UsageError} where there is a rule of this name
 */
export function registerStoppingRule(rule: StoppingDefinition): void {
  stoppingRegistry.register(rule);
}

/**
 * The rule of this name.
 * @throws {UsageError} where there is none, with the nearest name
 */
export const stoppingNamed = (name: string): StoppingDefinition => stoppingRegistry.named(name);
