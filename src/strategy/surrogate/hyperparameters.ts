/** @file The kernel's parameters under which the observed values are most likely, with a weak prior. */
import { Cholesky, squaredNorm } from './cholesky.js';
import { type Hyperparameters, matern52, type Point, squaredDistances } from './gaussian-process.js';

/** Latest observations that take part; a likelihood costs O(n³). */
const OBSERVATIONS = 200;

/** Prior of the noise: a fiftieth of the signal's variance. */
const LOG_NOISE = Math.log(0.02);

/** Standard deviation of the normal prior of each logarithm: a factor of 4.5 either way. */
const PRIOR_DEVIATION = 1.5;

/** Steps of the search, as differences of logarithms. */
const STEPS = [1, 0.5, 0.25];

/**
 * The maximum a posteriori by pattern search along each axis (Hooke and Jeeves 1961). The prior of a length scale has its
 * centre at the root mean square distance of the observations in that view.
 * @param start where the search begins: the last result, as the data changes little from question to question.
 */
export function fitHyperparameters(
  points: readonly Point[],
  values: Float64Array,
  start?: Hyperparameters,
): Hyperparameters {
  const latest = points.slice(-OBSERVATIONS);
  const distances = pairwise(latest);
  const centre = [LOG_NOISE, ...logRootMeanSquares(distances, latest[0]?.length ?? 0)];
  const logPosterior = (at: readonly number[]): number =>
    logLikelihood(distances, values.subarray(-OBSERVATIONS), at) + logPrior(at, centre);
  let best = start === undefined ? centre : [start.logNoise, ...start.logScales];
  let highest = logPosterior(best);
  for (const step of STEPS) {
    for (let axis = 0; axis < best.length; axis++) {
      for (const direction of [-step, step]) {
        const moved = best.with(axis, (best[axis] ?? 0) + direction);
        const posterior = logPosterior(moved);
        if (posterior <= highest) continue;
        best = moved;
        highest = posterior;
        break;
      }
    }
  }
  const [logNoise = LOG_NOISE, ...logScales] = best;
  return { logNoise, logScales };
}

/** Entry [i][j] for j < i: the squared distances of points i and j, view by view. */
const pairwise = (points: readonly Point[]): number[][][] =>
  points.map((point, i) => points.slice(0, i).map((other) => squaredDistances(point, other)));

function logRootMeanSquares(distances: readonly (readonly (readonly number[])[])[], views: number): number[] {
  const pairs = distances.flat();
  return Array.from({ length: views }, (_, view) => {
    const mean = pairs.reduce((sum, pair) => sum + (pair[view] ?? 0), 0) / Math.max(1, pairs.length);
    // All points are equal in a view that says nothing.
    return mean > 0 ? 0.5 * Math.log(mean) : 0;
  });
}

function logLikelihood(
  distances: readonly (readonly (readonly number[])[])[],
  values: Float64Array,
  [logNoise = LOG_NOISE, ...logScales]: readonly number[],
): number {
  const weights = logScales.map((logScale) => Math.exp(-2 * logScale));
  const diagonal = 1 + Math.exp(logNoise) + 1e-6;
  const factor = new Cholesky();
  for (const row of distances) {
    const correlations = new Float64Array(row.length + 1);
    for (const [index, pair] of row.entries()) {
      let squared = 0;
      for (let view = 0; view < weights.length; view++) squared += (weights[view] as number) * (pair[view] as number);
      correlations[index] = matern52(squared);
    }
    correlations[row.length] = diagonal;
    factor.append(correlations);
  }
  const variance = squaredNorm(factor.solveLower(values)) / values.length;
  return -0.5 * (values.length * Math.log(variance) + factor.logDeterminant);
}

const logPrior = (at: readonly number[], centre: readonly number[]): number =>
  at.reduce((sum, value, axis) => sum - 0.5 * ((value - (centre[axis] ?? value)) / PRIOR_DEVIATION) ** 2, 0);
