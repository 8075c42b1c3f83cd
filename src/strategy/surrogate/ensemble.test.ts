/** @file The ensemble of networks: what it learns from a search, when, and that it can be restored and freed. */

import { describe, expect, it } from 'vitest';
import { toySpace } from '../../../test/toy-space.js';
import type { EngineModel } from '../../engine/engine.js';
import { nodeEngine } from '../../engine/node-engine.js';
import type { Json } from '../../json.js';
import { Random } from '../../random.js';
import { choice } from '../../space/decisions/choice.js';
import { repeat } from '../../space/decisions/repeat.js';
import { untyped } from '../../space/space.js';
import { FeasibleSpace } from '../feasible/feasible-space.js';
import { EnsembleSurrogate } from './ensemble.js';

const engine = nodeEngine();

const space = new FeasibleSpace(untyped(toySpace(repeat(choice(['a', 'b', 'c', 'd']), 8))));

/** Each place adds what its operator is worth there. */
const worth = new Random(5);
const weights = Array.from({ length: space.decisions.encodingLength }, () => worth.normal());
const score = (architecture: Json): number =>
  space.decisions.encode(architecture).reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);

/** An engine that counts the models it holds, and keeps what it was fed. */
function countingEngine() {
  const counts = { loaded: 0, held: 0, runs: 0 };
  const fed: Parameters<EngineModel['run']>[0][] = [];
  const load = async (model: Uint8Array) => {
    const session = await engine.load(model);
    counts.loaded++;
    counts.held++;
    return {
      inputs: session.inputs,
      outputs: session.outputs,
      run: (inputs: Parameters<EngineModel['run']>[0]) => {
        counts.runs++;
        fed.push(inputs);
        return session.run(inputs);
      },
      release: async () => {
        counts.held--;
        await session.release();
      },
    };
  };
  return { counts, fed, engine: { ...engine, load } };
}

function make(refitEvery = 1) {
  const { engine, ...seen } = countingEngine();
  return { surrogate: new EnsembleSurrogate({ space, engine, random: new Random(2), refitEvery }), ...seen };
}

function observed(surrogate: EnsembleSurrogate, count: number, seed = 1): EnsembleSurrogate {
  const random = new Random(seed);
  for (let left = count; left > 0; left--) {
    const architecture = space.sample(random);
    surrogate.observe(architecture, score(architecture));
  }
  return surrogate;
}

const samples = (count: number, seed: number): Json[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => space.sample(random));
};

const ranksOf = (values: readonly number[]): number[] => {
  const sorted = [...values].sort((first, second) => first - second);
  return values.map((value) => sorted.indexOf(value));
};

/** Spearman's. */
function rankCorrelation(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [ranksOf(first), ranksOf(second)];
  const squares = a.reduce((sum, rank, index) => sum + (rank - (b[index] ?? 0)) ** 2, 0);
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1));
}

describe('an ensemble of networks', () => {
  it('ranks architectures that it has not seen by what their parts are worth', async () => {
    const { surrogate } = make();
    const posterior = await observed(surrogate, 100).posterior();
    const others = samples(200, 9);
    const predictions = await posterior.at(others);
    const means = predictions.map(({ mean }) => mean);
    expect(rankCorrelation(means, others.map(score))).toBeGreaterThan(0.9);
    // Normal scores: 0 in the middle, and the best of 100 between 2 and 3.
    expect(Math.abs(means.reduce((sum, mean) => sum + mean, 0) / means.length)).toBeLessThan(0.3);
    expect(posterior.best).toBeGreaterThan(1.5);
    expect(posterior.best).toBeLessThan(3);
    await surrogate.close();
  });

  it('shows each network four fifths of the observations, and each observation to four of the five networks', async () => {
    const { surrogate, fed } = make();
    await observed(surrogate, 100).posterior();
    const lessons = fed.flatMap((inputs) => Object.entries(inputs).filter(([name]) => name.startsWith('weights')));
    const shares = [0, 0, 0, 0, 0];
    for (const [, { shape, data }] of lessons) {
      const [, batch = 0] = shape;
      for (let row = 0; row < batch; row++) {
        const seen = shares.map((_, member) => ((data[member * batch + row] ?? 0) > 0 ? 1 : 0));
        expect(seen.filter((one) => one === 0)).toHaveLength(1);
        for (const [member, one] of seen.entries())
          shares[member] = (shares[member] ?? 0) + one / (lessons.length * batch);
      }
    }
    expect(lessons.length).toBeGreaterThan(100);
    for (const share of shares) expect(share).toBeCloseTo(0.8, 2);
    await surrogate.close();
  });

  it('is less sure where it has seen less', async () => {
    const deviation = async (count: number): Promise<number> => {
      const { surrogate } = make();
      const posterior = await observed(surrogate, count).posterior();
      const predictions = await posterior.at(samples(100, 9));
      await surrogate.close();
      return predictions.reduce((sum, one) => sum + one.deviation(), 0) / predictions.length;
    };
    expect(await deviation(20)).toBeGreaterThan(1.5 * (await deviation(200)));
  });

  it('learns that what failed is bad', async () => {
    const { surrogate } = make();
    for (const architecture of samples(80, 3)) {
      const isBad = Array.isArray(architecture) && architecture[0] === 'a';
      surrogate.observe(architecture, isBad ? null : score(architecture));
    }
    const posterior = await surrogate.posterior();
    const [good, bad] = await posterior.at(['b', 'a'].map((first) => [first, ...new Array<string>(7).fill('c')]));
    expect(bad?.mean).toBeLessThan((good?.mean ?? 0) - 0.5);
    expect(surrogate.scored).toBeLessThan(80);
    await surrogate.close();
  });

  it('predicts the same from the same history', async () => {
    const predictions = async () => {
      const { surrogate } = make();
      await observed(surrogate, 20).posterior();
      const posterior = await observed(surrogate, 20, 4).posterior();
      const means = (await posterior.at(samples(10, 9))).map(({ mean }) => mean);
      await surrogate.close();
      return means;
    };
    expect(await predictions()).toEqual(await predictions());
  });

  it('is trained anew after so many observations, not before', async () => {
    const { surrogate, counts } = make(10);
    const first = await observed(surrogate, 10).posterior();
    const { runs } = counts;
    expect(await observed(surrogate, 9, 2).posterior()).toBe(first);
    expect(counts.runs).toBe(runs);
    expect(await observed(surrogate, 1, 3).posterior()).not.toBe(first);
    expect(counts.runs).toBeGreaterThan(runs);
    await surrogate.close();
  });

  it('makes no models until it is asked, keeps them from fit to fit, and frees them', async () => {
    const { surrogate, counts } = make();
    await surrogate.close();
    observed(surrogate, 20);
    expect(counts.loaded).toBe(0);
    await surrogate.posterior();
    await observed(surrogate, 20, 2).posterior();
    expect(counts).toMatchObject({ loaded: 2, held: 2 });
    await surrogate.close();
    expect(counts.held).toBe(0);
  });
});
