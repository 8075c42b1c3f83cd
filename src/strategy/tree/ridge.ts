/** @file Linear regression with a ridge, by conjugate gradients. */

/** λ for each row, in squares of the features, whose scale is that of encodings: weights of what was hardly seen stay small. */
const RIDGE = 0.1;

/** Steps; as many as there are features give the exact solution. */
const STEPS = 50;

/** A prediction from features. */
export type Linear = (features: readonly number[]) => number;

/** Fits wᵀx + b to values by the least squares of the centred data, plus the ridge (Hestenes and Stiefel 1952, on the normal equations). */
export function fitRidge(rows: readonly (readonly number[])[], values: readonly number[]): Linear {
  const length = rows[0]?.length ?? 0;
  const means = Array.from({ length }, (_, column) => mean(rows.map((row) => row[column] ?? 0)));
  const centred = rows.map((row) => row.map((value, column) => value - (means[column] ?? 0)));
  const offset = mean(values);
  const penalty = RIDGE * rows.length;
  /** (XᵀX + λI) w. */
  const product = (w: readonly number[]): number[] => {
    const result = w.map((weight) => penalty * weight);
    for (const row of centred) addScaled(result, row, dot(row, w));
    return result;
  };
  const weights = new Array<number>(length).fill(0);
  const residual = new Array<number>(length).fill(0);
  for (const [index, row] of centred.entries()) addScaled(residual, row, (values[index] ?? 0) - offset);
  let direction = [...residual];
  let square = dot(residual, residual);
  for (let step = 0; step < STEPS && square > 1e-12; step++) {
    const image = product(direction);
    const rate = square / dot(direction, image);
    addScaled(weights, direction, rate);
    addScaled(residual, image, -rate);
    const next = dot(residual, residual);
    direction = residual.map((value, index) => value + (next / square) * (direction[index] ?? 0));
    square = next;
  }
  const bias = offset - dot(weights, means);
  return (features) => bias + dot(weights, features);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const dot = (first: readonly number[], second: readonly number[]): number =>
  first.reduce((sum, value, index) => sum + value * (second[index] ?? 0), 0);

function addScaled(target: number[], values: readonly number[], factor: number): void {
  for (const [index, value] of values.entries()) target[index] = (target[index] ?? 0) + factor * value;
}
