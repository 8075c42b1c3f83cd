/** @file Guesses from one curve alone: those of a known form find that form again. */
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { baselines } from './baselines.js';

const guess = (name: string, values: readonly number[], epoch = 200): number =>
  baselines.find((baseline) => baseline.name === name)?.guess(values, epoch) ?? Number.NaN;
const valuesOf = (curve: (x: number) => number, count = 30) => Array.from({ length: count }, (_, x) => curve(x + 1));

/** The forms of Domhan et al. 2015, table 1. */
const forms: { readonly [name: string]: (x: number) => number } = {
  pow3: (x) => 0.9 - 0.6 * x ** -0.7,
  exp3: (x) => 0.9 - Math.exp(-0.08 * x - 0.5),
  'log-power': (x) => 0.9 / (1 + (x / Math.exp(1.2)) ** -0.8),
  mmf: (x) => 0.9 - (0.9 - 0.1) / (1 + (0.3 * x) ** 1.1),
};

describe('guesses from one curve alone', () => {
  it.each(Object.keys(forms))('%s goes on with a curve of its form, rising or falling', (name) => {
    const form = forms[name] ?? (() => Number.NaN);
    expect(guess(name, valuesOf(form))).toBeCloseTo(form(200), 2);
    if (name === 'log-power') return;
    expect(
      guess(
        name,
        valuesOf((x) => 1 - form(x)),
      ),
    ).toBeCloseTo(1 - form(200), 2);
  });

  it.each(Object.keys(forms))('%s is not bent by bad epochs', (name) => {
    const form = forms[name] ?? (() => Number.NaN);
    const random = new Random(1);
    const values = valuesOf((x) => form(x) + 0.002 * random.normal(), 40);
    const withOutliers = values.map((value, place) => ([9, 25].includes(place) ? value - 0.5 : value));
    expect(Math.abs(guess(name, withOutliers, 80) - form(80))).toBeLessThan(0.02);
  });

  it('take the last and the best value', () => {
    expect(guess('last', [0.1, 0.5, 0.4])).toBe(0.4);
    expect(guess('best', [0.1, 0.5, 0.4])).toBe(0.5);
  });

  it('go on with the last value where there are fewer values than parameters', () => {
    for (const name of Object.keys(forms)) expect(guess(name, [0.1, 0.5])).toBe(0.5);
  });

  it('refuse a curve without a value, or with a hole', () => {
    expect(() => guess('last', [])).toThrow('A curve has no value yet: nothing can be guessed from it.');
    expect(() => guess('pow3', [0.1, Number.NaN])).toThrow(
      'Value 2 of a curve is NaN, but it must be a finite number.',
    );
  });
});
