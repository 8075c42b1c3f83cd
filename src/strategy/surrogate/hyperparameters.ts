/** @file The kernel's parameters under which the observed values are most likely, with a weak prior. */
import { Cholesky, squaredNorm } from '../../linear-algebra/cholesky.js';
import { type Hyperparameters, type InputPoint, matern52, noiseVariance } from './gaussian-process.js';
import { squaredDistanceFrom } from './sparse-vector.js';

/** Latest observations that take part; a likelihood costs O(n³). */
const OBSERVATIONS = 128;

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
  points: readonly InputPoint[],
  values: Float64Array,
  start?: Hyperparameters,
): Hyperparameters {
  const latest = points.slice(-OBSERVATIONS);
  const distances = pairwise(latest);
  const centre = [LOG_NOISE, ...distances.map(logRootMeanSquare)];
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

/** Squared distances of all pairs of observations, one list for each view: those of 1 and 0, 2 and 0, 2 and 1, 3 and 0, … */
function pairwise(points: readonly InputPoint[]): Float64Array[] {
  const views = points[0]?.length ?? 0;
  return Array.from({ length: views }, (_, view) => {
    const vectors = points.flatMap((point) => point[view] ?? []);
    return Float64Array.from(vectors.flatMap((vector, i) => vectors.slice(0, i).map(squaredDistanceFrom(vector))));
  });
}

/** Logarithm of the root mean square. All points are equal in a view that says nothing: there any scale will do. */
function logRootMeanSquare(squares: Float64Array): number {
  const sum = squares.reduce((total, square) => total + square, 0);
  return sum > 0 ? 0.5 * Math.log(sum / squares.length) : 0;
}

/** Of the values under a kernel, at the signal variance that maximises it, but for a constant. */
function logLikelihood(
  distances: readonly Float64Array[],
  values: Float64Array,
  [logNoise = LOG_NOISE, ...logScales]: readonly number[],
): number {
  const weights = logScales.map((logScale) => Math.exp(-2 * logScale));
  const factor = new Cholesky();
  for (let point = 0, pair = 0; point < values.length; point++) {
    const correlations = new Float64Array(point + 1);
    for (let other = 0; other < point; other++, pair++) {
      let squared = 0;
      for (let view = 0; view < weights.length; view++) {
        squared += (weights[view] as number) * (distances[view]?.[pair] as number);
      }
      correlations[other] = matern52(squared);
    }
    correlations[point] = 1 + noiseVariance(logNoise);
    factor.append(correlations);
  }
  const variance = squaredNorm(factor.solveLower(values)) / values.length;
  return -0.5 * (values.length * Math.log(variance) + factor.logDeterminant);
}

const logPrior = (at: readonly number[], centre: readonly number[]): number =>
  at.reduce((sum, value, axis) => sum - 0.5 * ((value - (centre[axis] ?? value)) / PRIOR_DEVIATION) ** 2, 0);
