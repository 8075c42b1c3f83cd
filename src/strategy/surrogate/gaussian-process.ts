/** @file Gaussian process regression (Rasmussen and Williams 2006, chapter 2) over several views of an architecture. */
import { Cholesky, squaredNorm } from '../../linear-algebra/cholesky.js';
import { SparseRows } from './sparse-rows.js';
import type { SparseVector } from './sparse-vector.js';

/** What the process sees of an architecture: one vector of features for each view, such as decisions and graph. */
export type InputPoint = readonly SparseVector[];

/** A normal distribution of a value. */
export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
}

/** A prediction of which the standard deviation, without noise, is computed when it is asked for. */
export interface Outline {
  readonly mean: number;
  /** The deviation is at most this. */
  readonly deviationBound: number;
  /** The standard deviation of the prediction, without noise. */
  deviation(): number;
}

/** The kernel's parameters, in natural logarithms. */
export interface Hyperparameters {
  /** Variance of the noise as a multiple of the signal's variance. */
  readonly logNoise: number;
  /** One length scale for each view, in the units of its features. */
  readonly logScales: readonly number[];
}

/** Keeps the matrix positive definite where noise is small and points are equal. */
const JITTER = 1e-6;

/** Of the noise, as a multiple of the signal's. */
export const noiseVariance = (logNoise: number): number => Math.exp(logNoise) + JITTER;

const SQRT5 = Math.sqrt(5);

/**
 * Matérn's kernel with ν = 5/2 on the distance r of which each view is one axis, r² = Σ_v |x_v − y_v|² / ℓ_v²: twice
 * differentiable sample paths, the usual choice for objectives of unknown smoothness (Snoek et al. 2012, section 3.1).
 * @param squared r².
 */
export function matern52(squared: number): number {
  const r = SQRT5 * Math.sqrt(squared);
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

/** A process with zero mean whose signal has the variance that makes the observed values most likely. */
export class GaussianProcess {
  readonly #noise: number;
  /** 1 / ℓ² of each view. */
  readonly #weights: readonly number[];
  /** The vectors of all points, view by view. */
  readonly #views: readonly SparseRows[];
  readonly #factor = new Cholesky();
  /** (K + σ² I)⁻¹ y. */
  #weighted: Float64Array = new Float64Array();
  #values: Float64Array = new Float64Array();
  #variance = 1;

  constructor({ logNoise, logScales }: Hyperparameters) {
    this.#noise = noiseVariance(logNoise);
    this.#weights = logScales.map((logScale) => Math.exp(-2 * logScale));
    this.#views = logScales.map(() => new SparseRows());
  }

  /** How many points it holds. */
  get size(): number {
    return this.#factor.size;
  }

  /** Adds a point; costs O(n²). Until the next `condition` it makes predictions surer, and leaves their means. */
  append(point: InputPoint): void {
    const row = Float64Array.of(...this.#correlations(point), 1 + this.#noise);
    this.#factor.append(row);
    for (const [view, vector] of point.entries()) this.#views[view]?.append(vector);
  }

  /** Takes back all points but the first `size`. */
  truncate(size: number): void {
    this.#factor.truncate(size);
    for (const vectors of this.#views) vectors.truncate(this.size);
  }

  /** Sets the values at the points, of mean zero. Costs O(n²). */
  condition(values: Float64Array): void {
    if (values.length !== this.size) throw new RangeError(`${this.size} points have ${values.length} values`);
    this.#values = values;
    const whitened = this.#factor.solveLower(values);
    this.#variance = squaredNorm(whitened) / Math.max(1, this.size);
    this.#weighted = this.#factor.solveUpper(whitened);
  }

  /** The highest posterior mean at a point that it holds and whose value it knows. */
  get highestMean(): number {
    // K w = y − σ² w, for (K + σ² I) w = y.
    return this.#weighted.reduce(
      (highest, weight, index) => Math.max(highest, (this.#values[index] ?? 0) - this.#noise * weight),
      Number.NEGATIVE_INFINITY,
    );
  }

  /** Standard deviation of the noise in the values. */
  get noise(): number {
    return Math.sqrt(this.#variance * this.#noise);
  }

  /** What is known at a point before its deviation is: costs O(n), and the deviation O(n²). */
  outline(point: InputPoint): Outline {
    const correlations = this.#correlations(point);
    let mean = 0;
    for (let index = 0; index < this.#weighted.length; index++) {
      mean += (this.#weighted[index] as number) * (correlations[index] as number);
    }
    let nearest = 0;
    for (const correlation of correlations) nearest = Math.max(nearest, correlation);
    // Further points make a prediction no less sure than the nearest alone makes it.
    const deviationBound = this.#deviation((nearest * nearest) / (1 + this.#noise));
    const deviation = () => this.#deviation(squaredNorm(this.#factor.solveLower(correlations)));
    return { mean, deviationBound, deviation };
  }

  #deviation(explained: number): number {
    return Math.sqrt(this.#variance * Math.max(1e-12, 1 - explained));
  }

  #correlations(point: InputPoint): Float64Array {
    const correlations = new Float64Array(this.size);
    for (const [view, vector] of point.entries()) {
      const weight = this.#weights[view] ?? 0;
      const distances = this.#views[view]?.squaredDistancesFrom(vector) ?? [];
      for (let index = 0; index < distances.length; index++) {
        correlations[index] = (correlations[index] as number) + weight * (distances[index] as number);
      }
    }
    for (let index = 0; index < correlations.length; index++) {
      correlations[index] = matern52(correlations[index] as number);
    }
    return correlations;
  }
}
