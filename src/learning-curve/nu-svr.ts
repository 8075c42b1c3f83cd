/**
 * @file ν-support-vector regression (Schölkopf et al., New Support Vector Algorithms, 2000), solved by sequential minimal
 * optimisation with second-order working sets (Fan, Chen and Lin 2005), as LIBSVM does it.
 */

export interface NuSvrSettings {
  /** C: the most that one sample may weigh. */
  readonly cost: number;
  /** ν in (0, 1]: at least this share of the samples supports the function, at most this share lies outside of its tube. */
  readonly nu: number;
  /** Where the conditions of an optimum hold up to this, the search for it ends. Default 1e-3, as in LIBSVM. */
  readonly tolerance?: number;
}

/** A symmetric matrix of kernel values, row by row. */
export interface KernelMatrix {
  readonly size: number;
  readonly values: Float64Array;
}

/** A function Σ weight · kernel(sample, x) + offset. */
export interface SupportFunction {
  /** The samples it was fitted on, by their rows in the kernel matrix. */
  readonly rows: readonly number[];
  /** One for each of the rows. */
  readonly weights: Float64Array;
  readonly offset: number;
}

/** LIBSVM's τ: stands for a curvature that is not positive. */
const LEAST_CURVATURE = 1e-12;

/** Steps for each sample before the search ends as it is: extreme settings of a random search never converge. */
const STEPS_PER_SAMPLE = 400;

/**
 * Fits the function of least norm whose tube holds the samples, by the rows of a kernel matrix.
 *
 * @param targets one for each row of the matrix
 * @param rows the samples to fit on; default: all
 */
export function fitNuSvr(
  kernel: KernelMatrix,
  targets: ArrayLike<number>,
  settings: NuSvrSettings,
  rows: readonly number[] = Array.from({ length: kernel.size }, (_, row) => row),
): SupportFunction {
  return new Dual(kernel, targets, settings, rows).solve();
}

/** The value of a fitted function at a sample whose kernel values with all rows are given. */
export function valueAt({ rows, weights, offset }: SupportFunction, kernelValues: ArrayLike<number>): number {
  return rows.reduce((sum, row, place) => sum + (weights[place] ?? 0) * (kernelValues[row] ?? 0), offset);
}

/** Two multipliers of one kind between which weight may be shifted. */
interface Pair {
  readonly multipliers: Float64Array;
  /** 1 for those that raise the function, −1 for those that lower it. */
  readonly sign: 1 | -1;
  readonly first: number;
  readonly second: number;
  readonly decrease: number;
  /** By how much the conditions of an optimum fail within this kind. */
  readonly violation: number;
}

const at = (values: Float64Array, place: number): number => values[place] ?? 0;

/**
 * The dual problem: each sample has one multiplier that raises the function and one that lowers it, both in [0, C], each kind
 * summing to Cνn/2. A step shifts weight between two multipliers of one kind.
 */
class Dual {
  readonly #rows: readonly number[];
  /** Kernel values of the rows, row by row. */
  readonly #kernel: Float64Array;
  readonly #cost: number;
  readonly #tolerance: number;
  readonly #raising: Float64Array;
  readonly #lowering: Float64Array;
  /** The function without its offset, less the target: the gradient by raising multipliers, negated by lowering ones. */
  readonly #excess: Float64Array;

  constructor(kernel: KernelMatrix, targets: ArrayLike<number>, settings: NuSvrSettings, rows: readonly number[]) {
    const n = rows.length;
    this.#rows = rows;
    this.#cost = settings.cost;
    this.#tolerance = settings.tolerance ?? 1e-3;
    this.#kernel = new Float64Array(n * n);
    rows.forEach((row, i) => {
      rows.forEach((column, j) => {
        this.#kernel[i * n + j] = kernel.values[row * kernel.size + column] ?? 0;
      });
    });
    this.#raising = new Float64Array(n);
    this.#excess = Float64Array.from(rows, (row) => -(targets[row] ?? 0));
    let left = (settings.cost * settings.nu * n) / 2;
    for (let i = 0; i < n; i++) {
      this.#raising[i] = Math.min(left, settings.cost);
      left -= this.#raising[i] ?? 0;
    }
    // Equal multipliers of both kinds cancel out: the function begins as zero.
    this.#lowering = this.#raising.slice();
  }

  solve(): SupportFunction {
    for (let steps = this.#rows.length * STEPS_PER_SAMPLE; steps > 0 && this.#step(); steps--);
    const weights = this.#raising.map((raised, i) => raised - (this.#lowering[i] ?? 0));
    const [upper, lower] = [this.#level(this.#raising, 1), this.#level(this.#lowering, -1)];
    return { rows: this.#rows, weights, offset: (lower - upper) / 2 };
  }

  /** One step; `false` at the optimum. */
  #step(): boolean {
    const raising = this.#bestPair(this.#raising, 1);
    const lowering = this.#bestPair(this.#lowering, -1);
    if (Math.max(raising.violation, lowering.violation) < this.#tolerance) return false;
    const best = raising.decrease >= lowering.decrease ? raising : lowering;
    if (best.second < 0) return false;
    this.#shift(best);
    return true;
  }

  /** Of one kind of multipliers: the one that should grow most, and with which other the objective then falls most. */
  #bestPair(multipliers: Float64Array, sign: 1 | -1): Pair {
    const [excess, kernel, cost, n] = [this.#excess, this.#kernel, this.#cost, multipliers.length];
    let first = -1;
    let most = Number.NEGATIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      const downhill = -sign * at(excess, i);
      const multiplier = at(multipliers, i);
      if (multiplier < cost && downhill >= most) {
        most = downhill;
        first = i;
      }
      if (multiplier > 0 && downhill < least) least = downhill;
    }
    let second = -1;
    let decrease = Number.NEGATIVE_INFINITY;
    const own = first < 0 ? 0 : at(kernel, first * n + first);
    for (let j = 0; j < n && first >= 0; j++) {
      const gap = most + sign * at(excess, j);
      if (gap <= 0 || at(multipliers, j) <= 0) continue;
      const curvature = own + at(kernel, j * n + j) - 2 * at(kernel, first * n + j);
      const gain = (gap * gap) / Math.max(curvature, LEAST_CURVATURE);
      if (gain < decrease) continue;
      decrease = gain;
      second = j;
    }
    return { multipliers, sign, first, second, decrease, violation: most - least };
  }

  /** Moves weight from the second multiplier to the first, as far as the objective falls and the bounds allow. */
  #shift({ multipliers, sign, first, second }: Pair): void {
    const [excess, kernel, n] = [this.#excess, this.#kernel, multipliers.length];
    const [growing, shrinking] = [at(multipliers, first), at(multipliers, second)];
    const gap = sign * (at(excess, second) - at(excess, first));
    const curvature =
      at(kernel, first * n + first) + at(kernel, second * n + second) - 2 * at(kernel, first * n + second);
    const room = Math.min(this.#cost - growing, shrinking);
    const shift = Math.min(gap / Math.max(curvature, LEAST_CURVATURE), room);
    // At a bound exactly, so that later steps find it there.
    multipliers[first] = shift === this.#cost - growing ? this.#cost : growing + shift;
    multipliers[second] = shrinking - shift;
    const step = sign * shift;
    for (let k = 0; k < n; k++) {
      excess[k] = at(excess, k) + step * (at(kernel, first * n + k) - at(kernel, second * n + k));
    }
  }

  /** Where the gradient stands at multipliers that are free, or between those at their bounds. */
  #level(multipliers: Float64Array, sign: 1 | -1): number {
    let [sum, free] = [0, 0];
    let [above, below] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    multipliers.forEach((multiplier, i) => {
      const gradient = sign * (this.#excess[i] ?? 0);
      if (multiplier >= this.#cost) below = Math.max(below, gradient);
      else if (multiplier <= 0) above = Math.min(above, gradient);
      else [sum, free] = [sum + gradient, free + 1];
    });
    if (free > 0) return sum / free;
    if (above === Number.POSITIVE_INFINITY) return below;
    return below === Number.NEGATIVE_INFINITY ? above : (above + below) / 2;
  }
}
