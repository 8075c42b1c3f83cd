/** @file Kernels between features: how alike two curves are to a support-vector regression. */
import type { CurveFeatures } from './features.js';

/** `rbf`: exp(−γ‖x − y‖²); `linear`: the product of the features. */
export const kernelNames = ['rbf', 'linear'] as const;

/** The name of a kernel. */
export type KernelName = (typeof kernelNames)[number];

/** A kernel as it was set. */
export interface Kernel {
  readonly name: KernelName;
  /** γ for a squared distance that is a mean over features; of `rbf` alone. */
  readonly gamma: number;
  /** What a feature of these blocks weighs, where a value of the curve weighs 1. */
  readonly weights: { readonly differences: number; readonly facts: number };
}

const blocks = ['values', 'differences', 'facts'] as const;

/** For each block, one curve against many: squared distances or products, which need no settings of the kernel. */
export type Affinities = { readonly [B in (typeof blocks)[number]]: Float64Array };

/** One curve against many. */
export function affinitiesOf(one: CurveFeatures, others: readonly CurveFeatures[], name: KernelName): Affinities {
  const against = (block: keyof CurveFeatures) =>
    Float64Array.from(others, (other) => affinity(one[block], other[block], name));
  return { values: against('values'), differences: against('differences'), facts: against('facts') };
}

function affinity(one: readonly number[], other: readonly number[], name: KernelName): number {
  let sum = 0;
  for (let place = 0; place < one.length; place++) {
    const a = one[place] ?? 0;
    const b = other[place] ?? 0;
    sum += name === 'rbf' ? (a - b) * (a - b) : a * b;
  }
  return sum;
}

/** Affinities as kernel values. `sizes` tells how many features each block has. */
export function kernelValues(
  affinities: Affinities,
  { name, gamma, weights }: Kernel,
  sizes: CurveFeatures,
): Float64Array {
  const { differences, facts } = weights;
  const total = sizes.values.length + differences * sizes.differences.length + facts * sizes.facts.length;
  return affinities.values.map((value, place) => {
    const sum = value + differences * (affinities.differences[place] ?? 0) + facts * (affinities.facts[place] ?? 0);
    return name === 'rbf' ? Math.exp((-gamma * sum) / total) : sum / total;
  });
}
