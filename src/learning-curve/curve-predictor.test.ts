/** @file The ends of real learning curves, predicted from their first part. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ArchitectureCurve, readCurves } from '../benchmark/curve-file.js';
import { spearman } from '../correlation/correlation.js';
import { Random } from '../random.js';
import { type CurvePredictorOptions, fitCurvePredictor } from './curve-predictor.js';

let curves: ArchitectureCurve[];
beforeAll(async () => {
  const file = fileURLToPath(new URL('../../data/nas-bench-201-cifar10-curves.json.gz', import.meta.url));
  curves = new Random(0).shuffle(await readCurves(file, 'validAccuracy'));
});

const options: CurvePredictorOptions = { observed: 12, draws: 40, seed: 0 };
const learn = (changes: Partial<CurvePredictorOptions> = {}) =>
  fitCurvePredictor(curves.slice(0, 50), { ...options, ...changes });
const others = () => curves.slice(50);
const finals = () => others().map(({ final }) => final);
const explained = (values: readonly number[]): number => {
  const known = finals();
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const error = known.reduce((sum, value, place) => sum + (value - (values[place] ?? 0)) ** 2, 0);
  return 1 - error / known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
};

describe('a prediction from the first 12 of 200 epochs', () => {
  it('explains and orders what 50 unseen architectures of NAS-Bench-201 come to', () => {
    const predictor = learn();
    const predictions = others().map((curve) => predictor.predict(curve));
    const values = predictions.map(({ value }) => value);
    // The last value explains less than nothing: accuracies go on rising, each at its own pace.
    expect(explained(others().map(({ values: seen }) => seen[11] ?? 0))).toBeLessThan(-0.5);
    expect(explained(values)).toBeGreaterThan(0.8);
    expect(spearman(values, finals())).toBeGreaterThan(0.8);
    // Two standard deviations hold most of them.
    const within = predictions.filter(
      ({ value, deviation }, place) => Math.abs(value - (finals()[place] ?? 0)) < 2 * deviation,
    );
    expect(within.length).toBeGreaterThan(42);
  });

  it('is the same for the same seed, and changes with seed, kernel, draws and what is seen', () => {
    const [one] = others();
    if (one === undefined) throw new RangeError('there are curves');
    const predict = (changes: Partial<CurvePredictorOptions> = {}) =>
      fitCurvePredictor(curves.slice(0, 12), { ...options, draws: 10, ...changes }).predict(one);
    const same = predict();
    expect(predict()).toEqual(same);
    for (const changes of [{ seed: 1 }, { kernel: 'linear' }, { draws: 20 }, { observed: 2 }] as const) {
      expect(predict(changes)).not.toEqual(same);
    }
  });

  it('needs no variety: where all ends are equal it is certain', () => {
    const equal = curves.slice(0, 8).map((curve) => ({ ...curve, final: 0.5 }));
    expect(fitCurvePredictor(equal, options).predict(curves[9] ?? equal[0] ?? { values: [] })).toEqual({
      value: 0.5,
      deviation: 0,
    });
  });
});

describe('what a prediction cannot be learnt from', () => {
  it('is refused in one sentence', () => {
    expect(() => fitCurvePredictor(curves.slice(0, 5), options)).toThrow(
      '5 finished curves are too few to learn a prediction from: at least 6 are needed.',
    );
    const [first, ...rest] = curves.slice(0, 8);
    if (first === undefined) throw new RangeError('there are curves');
    const wrong = { ...first, final: Number.NaN };
    expect(() => fitCurvePredictor([...rest, wrong], options)).toThrow('A finished curve ended with NaN');
    const short = { ...first, values: first.values.slice(0, 5) };
    expect(() => fitCurvePredictor([...rest, short], options)).toThrow('A curve has 5 values of its score');
  });
});
