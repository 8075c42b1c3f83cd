/** @file How evenly variance is spread over directions. */
import { eigenvalues, type SquareMatrix } from '../linear-algebra/symmetric.js';
import { UndefinedScore } from './proxy.js';

/** Within the logarithm, as in the released code of AZ-NAS. */
const EPSILON = 1e-8;

/**
 * −Σ p ln(p + 1e-8) of each matrix, with p its eigenvalues divided by their sum (Lee and Ham 2024, eq. 4): ln C where all C
 * directions vary alike, 0 where one alone varies.
 *
 * @throws {UndefinedScore} where nothing varies, or more than a number can hold
 */
export const spectralEntropies = (covariances: readonly SquareMatrix[]): number[] =>
  covariances.map((covariance, block) => {
    if (!covariance.data.every(Number.isFinite)) throw new UndefinedScore(`the output of block ${block + 1} overflows`);
    // Covariances have no negative eigenvalues but by rounding.
    const variances = eigenvalues(covariance).map((eigenvalue) => Math.max(eigenvalue, 0));
    const total = variances.reduce((sum, variance) => sum + variance, 0);
    if (total === 0) throw new UndefinedScore(`the output of block ${block + 1} does not depend on the image`);
    return -variances.reduce((sum, variance) => sum + (variance / total) * Math.log(variance / total + EPSILON), 0);
  });
