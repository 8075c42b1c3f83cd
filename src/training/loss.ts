/** @file What a training minimises: a sum of terms, each made of what the network gives. */
import type { Json } from '../json.js';
import type { LoweredNetwork } from '../nn/lower.js';
import { add, input, mul, scalar, softmaxCrossEntropy, type Tensor } from '../tensor/index.js';

/**
 * One term of a loss. What it asks for beside the network is an input of the graph, which each step is fed by its name.
 * It may read all that {@link LoweredNetwork} has: logits, auxiliary logits, architecture weights.
 */
export interface LossTerm {
  readonly name: string;
  /** Everything that `lower` depends on beside its argument: terms of one name and equal settings are one. */
  readonly settings: Json;
  /** A scalar. */
  lower(lowered: LoweredNetwork): Tensor;
}

/** The sum of the terms. */
export function totalLoss(terms: readonly LossTerm[], lowered: LoweredNetwork): Tensor {
  const [first, ...others] = terms.map((term) => term.lower(lowered));
  if (first === undefined) throw new RangeError('a loss has at least one term');
  return others.reduce(add, first);
}

/** How labels become targets. */
export interface CrossEntropyOptions {
  /** Weight of the uniform distribution in the target (Szegedy et al. 2016, section 7). Default 0. */
  readonly labelSmoothing?: number;
  /** Of each auxiliary classifier, beside 1 for the network's own. Default 0.4 (Zoph et al. 2018, appendix A.7; DARTS, ENAS). */
  readonly auxiliaryWeight?: number;
  /** Of the whole term. Default 1. */
  readonly weight?: number;
}

/** Cross-entropy with the input `labels` int32 [N]: of the network's logits, and of each auxiliary classifier's. */
export function crossEntropy(options: CrossEntropyOptions = {}): LossTerm {
  const { labelSmoothing = 0, auxiliaryWeight = 0.4, weight = 1 } = options;
  return {
    name: 'cross-entropy',
    settings: { labelSmoothing, auxiliaryWeight, weight },
    lower({ logits, auxiliary }) {
      const labels = input('labels', logits.shape.slice(0, 1), 'int32');
      const of = (given: Tensor): Tensor => softmaxCrossEntropy(given, labels, { labelSmoothing });
      const loss = auxiliary.map((given) => times(of(given), auxiliaryWeight)).reduce(add, of(logits));
      return times(loss, weight);
    },
  };
}

/** A term times its weight. */
export const times = (term: Tensor, weight: number): Tensor => (weight === 1 ? term : mul(term, scalar(weight)));
