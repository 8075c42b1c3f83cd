/** @file The standard normal distribution. */

/** Φ(x), the share of a standard normal distribution below x; relative error below 1.2e-7 (Numerical Recipes, erfcc). */
export function normalBelow(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const exponent = erfcCoefficients.reduceRight((sum, coefficient) => coefficient + t * sum, 0) - z * z;
  const tail = 0.5 * t * Math.exp(exponent);
  return x > 0 ? 1 - tail : tail;
}

const erfcCoefficients = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** The density of the standard normal distribution. */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
