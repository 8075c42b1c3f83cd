/** @file ν-support-vector regression against LIBSVM. */
import SVM from 'libsvm-js/asm.js';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { fitNuSvr, type NuSvrSettings, valueAt } from './nu-svr.js';

const random = new Random(3);
const draw = (count: number) => Array.from({ length: count }, () => Array.from({ length: 6 }, () => random.normal()));
const samples = draw(30);
const targets = samples.map(([a = 0, b = 0]) => 2 * a + Math.sin(b) + 0.1 * random.normal());
const others = draw(5);

const kernels = {
  RBF: (gamma: number) => (x: readonly number[], y: readonly number[]) =>
    Math.exp(-gamma * x.reduce((sum, value, place) => sum + (value - (y[place] ?? 0)) ** 2, 0)),
  LINEAR: () => (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, place) => sum + value * (y[place] ?? 0), 0),
};

const matrixOf = (kernel: (x: readonly number[], y: readonly number[]) => number) => ({
  size: samples.length,
  values: Float64Array.from(samples.flatMap((x) => samples.map((y) => kernel(x, y)))),
});

describe('ν-support-vector regression', () => {
  it.each<[keyof typeof kernels, NuSvrSettings & { gamma: number }]>([
    ['RBF', { cost: 1, nu: 0.5, gamma: 0.1 }],
    ['RBF', { cost: 100, nu: 0.2, gamma: 0.02 }],
    ['RBF', { cost: 0.01, nu: 0.9, gamma: 1 }],
    ['LINEAR', { cost: 1, nu: 0.5, gamma: 1 }],
    ['LINEAR', { cost: 0.01, nu: 1, gamma: 1 }],
  ])('gives what LIBSVM gives: %s with %o', (name, { cost, nu, gamma }) => {
    const svm = new SVM({
      type: SVM.SVM_TYPES.NU_SVR,
      kernel: SVM.KERNEL_TYPES[name],
      cost,
      nu,
      gamma,
      tolerance: 1e-9,
      quiet: true,
    });
    svm.train(samples, targets);
    const expected = svm.predict(others);
    svm.free();
    const kernel = kernels[name](gamma);
    const fitted = fitNuSvr(matrixOf(kernel), targets, { cost, nu, tolerance: 1e-9 });
    const values = others.map((other) =>
      valueAt(
        fitted,
        samples.map((sample) => kernel(sample, other)),
      ),
    );
    for (const [place, value] of values.entries()) expect(value).toBeCloseTo(expected[place] ?? Number.NaN, 4);
  });

  it('is fitted on some of the rows alone', () => {
    const matrix = matrixOf(kernels.RBF(0.1));
    const rows = [...samples.keys()].slice(10);
    const changed = targets.map((target, row) => (row < 10 ? target + 100 : target));
    const settings = { cost: 1, nu: 0.5 };
    expect(fitNuSvr(matrix, changed, settings, rows)).toEqual(fitNuSvr(matrix, targets, settings, rows));
  });

  it('ends where it cannot come to an optimum', () => {
    const same = { size: 4, values: new Float64Array(16).fill(1) };
    const fitted = fitNuSvr(same, [0, 0, 1, 1], { cost: 1000, nu: 1, tolerance: 0 });
    expect(valueAt(fitted, [1, 1, 1, 1])).toBeCloseTo(0.5, 6);
  });
});
