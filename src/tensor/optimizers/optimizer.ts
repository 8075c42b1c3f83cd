/** @file What an optimiser is: the update of one flat parameter vector, as part of the graph. */
import type { Tensor } from '../tensor.js';

/** What one update reads. */
export interface OptimizerStep {
  /** All trainable parameters as one vector [P]. */
  readonly parameters: Tensor;
  /** Their gradient [P]. */
  readonly gradient: Tensor;
  /** One vector [P] for each of the optimiser's slots; zeros before the first step. */
  readonly slots: readonly Tensor[];
  /** A scalar. */
  readonly learningRate: Tensor;
  /** A scalar: 1 in the first step, 2 in the second, … */
  readonly step: Tensor;
}

/** A rule for updates, as tensors: its settings, what it remembers, and one step. */
export interface Optimizer {
  readonly name: string;
  /** Everything that `update` depends on beside its arguments: optimisers of one name and equal settings are one. */
  readonly settings: { readonly [name: string]: number | boolean };
  /** Names of the vectors that it keeps between steps. */
  readonly slots: readonly string[];
  /** The parameters and slots after one update. */
  update(step: OptimizerStep): { readonly parameters: Tensor; readonly slots: readonly Tensor[] };
}
