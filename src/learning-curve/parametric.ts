/** @file Learning curves of a known form, fitted by robust least squares (Domhan et al., Speeding up Automatic Hyperparameter Optimization of Deep Neural Networks by Extrapolation of Learning Curves, IJCAI 2015, table 1). */

/** A family of curves, fitted and gone on with. */
export interface ParametricCurve {
  readonly name: string;
  readonly formula: string;
  /**
   * The value at an epoch to come of the curve that fits best; the last value where there are fewer values than parameters.
   *
   * @param values finite, one for each epoch from 1 on
   */
  extrapolate(values: readonly number[], epoch: number): number;
}

/**
 * A curve that is linear in all parameters but a few: Σ coefficient · basis(epoch; shape). For a shape the best coefficients
 * are known in closed form (variable projection), and shapes are few enough for a grid that narrows.
 */
interface Family {
  readonly name: string;
  readonly formula: string;
  readonly basis: (epoch: number, shape: readonly number[]) => readonly number[];
  /** Where the parameters of the shape lie; they vary on a logarithmic scale. */
  readonly shape: readonly (readonly [least: number, most: number])[];
}

const families: readonly Family[] = [
  {
    name: 'pow3',
    formula: 'c − a·x^−α',
    basis: (x, [alpha = 1]) => [1, x ** -alpha],
    shape: [[0.01, 10]],
  },
  {
    name: 'exp3',
    formula: 'c − exp(−a·x + b)',
    basis: (x, [a = 1]) => [1, Math.exp(-a * x)],
    shape: [[1e-3, 5]],
  },
  {
    name: 'log-power',
    formula: 'a / (1 + (x / e^b)^c)',
    // c is negative where a curve rises: x and e^b change places.
    basis: (x, [scale = 1, power = 1]) => [1 / (1 + (scale / x) ** power)],
    shape: [
      [1e-3, 1e3],
      [0.05, 5],
    ],
  },
  {
    name: 'mmf',
    formula: 'α − (α − β) / (1 + (κ·x)^δ)',
    basis: (x, [kappa = 1, delta = 1]) => [1, 1 / (1 + (kappa * x) ** delta)],
    shape: [
      [1e-3, 10],
      [0.1, 5],
    ],
  },
];

/** Points of the grid in each direction, and how often it narrows around the best. */
const GRID = 13;
const ROUNDS = 6;

/** How often residuals are weighed anew (Huber's weights), so that single bad epochs do not bend the curve. */
const REWEIGHINGS = 3;

/** Residuals beyond so many standard deviations count by their size rather than by its square (Huber 1964). */
const HUBER = 1.345;

/** The families that are fitted. */
export const parametricCurves: readonly ParametricCurve[] = families.map((family) => ({
  name: family.name,
  formula: family.formula,
  extrapolate: (values, epoch) => extrapolate(family, values, epoch),
}));

function extrapolate(family: Family, values: readonly number[], epoch: number): number {
  const { basis, shape } = family;
  const last = values.at(-1) ?? Number.NaN;
  const sizes = basis(
    1,
    shape.map(([least]) => least),
  ).length;
  if (values.length <= sizes + shape.length) return last;
  let weights: readonly number[] = values.map(() => 1);
  let fit = bestFit(family, values, weights);
  for (let left = REWEIGHINGS; left > 0; left--) {
    weights = huberWeights(values.map((value, place) => value - fittedValue(family, fit, place + 1)));
    fit = bestFit(family, values, weights);
  }
  const value = fittedValue(family, fit, epoch);
  if (!Number.isFinite(value)) return last;
  // A few epochs do not tell a slow rise from an endless one: a curve goes no further than it has come.
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return Math.min(Math.max(value, 2 * least - most), 2 * most - least);
}

interface Fit {
  readonly shape: readonly number[];
  readonly coefficients: readonly number[];
  /** Weighted squared error. */
  readonly error: number;
}

const fittedValue = ({ basis }: Family, { shape, coefficients }: Fit, epoch: number): number =>
  basis(epoch, shape).reduce((sum, each, place) => sum + each * (coefficients[place] ?? 0), 0);

function bestFit(family: Family, values: readonly number[], weights: readonly number[]): Fit {
  let box = family.shape.map(([least, most]): readonly [number, number] => [Math.log(least), Math.log(most)]);
  let best: Fit = { shape: [], coefficients: [], error: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    for (const point of gridOf(box)) {
      const fit = fitShape(family, point.map(Math.exp), values, weights);
      if (fit.error < best.error) best = fit;
    }
    // Two steps to either side of the best: valleys are narrow, and oblique.
    box = box.map(([least, most], place) => {
      const step = (2 * (most - least)) / (GRID - 1);
      const centre = Math.log(best.shape[place] ?? 1);
      return [centre - step, centre + step];
    });
  }
  return best;
}

const gridOf = (box: readonly (readonly [number, number])[]): number[][] =>
  box.reduce<number[][]>(
    (points, [least, most]) =>
      points.flatMap((point) =>
        Array.from({ length: GRID }, (_, step) => [...point, least + ((most - least) * step) / (GRID - 1)]),
      ),
    [[]],
  );

/** The best coefficients for a shape, of one or two basis functions, by the normal equations. */
function fitShape(
  { basis }: Family,
  shape: readonly number[],
  values: readonly number[],
  weights: readonly number[],
): Fit {
  let [aa, ab, bb, ay, by, yy] = [0, 0, 0, 0, 0, 0];
  let count = 1;
  values.forEach((y, place) => {
    const each = basis(place + 1, shape);
    const [a = 0, b = 0] = each;
    const w = weights[place] ?? 0;
    count = each.length;
    aa += w * a * a;
    ab += w * a * b;
    bb += w * b * b;
    ay += w * a * y;
    by += w * b * y;
    yy += w * y * y;
  });
  const determinant = aa * bb - ab * ab;
  // Two functions that are nearly one: the second adds nothing.
  const isSingle = count === 1 || determinant <= 1e-10 * aa * bb;
  const coefficients = isSingle ? [ay / aa, 0] : [(ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant];
  const [a = 0, b = 0] = coefficients;
  const error = yy - 2 * (a * ay + b * by) + a * a * aa + 2 * a * b * ab + b * b * bb;
  return { shape, coefficients, error: Number.isFinite(error) ? error : Number.POSITIVE_INFINITY };
}

/** The scale of residuals is taken from their median, which outliers do not move. */
function huberWeights(residuals: readonly number[]): number[] {
  const sizes = residuals.map(Math.abs);
  const sorted = sizes.toSorted((one, other) => one - other);
  const limit = HUBER * 1.4826 * (sorted[sorted.length >> 1] ?? 0);
  return sizes.map((size) => (size <= limit ? 1 : limit / size));
}
