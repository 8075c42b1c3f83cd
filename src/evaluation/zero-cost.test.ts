/** @file A search by scores without training: by one alone, or ranked in a pool, with every setting in effect. */
import { describe, expect, it } from 'vitest';
import { inlineSearch } from '../../test/study/inline-search.js';
import { loadDataset } from '../data/load.js';
import { activation, conv2d, globalAvgPool, linear, Network } from '../nn/index.js';
import type { TrialRecord } from '../record/trial.js';
import { ordinal } from '../space/decisions/choice.js';
import { object } from '../space/decisions/product.js';
import { registerSpace } from '../space/registry.js';
import { defineSpace } from '../space/space.js';
import { zeroCost } from './zero-cost.js';

/** Networks of one convolution. */
registerSpace(
  defineSpace({
    name: 'one-convolution',
    title: 'One convolution',
    paper: 'none',
    description: 'One convolution and a ReLU.',
    decisions: object({ out: ordinal([4, 6, 8, 12, 16, 24]), kernel: ordinal([1, 3, 5]) }),
    build: (convolution, { classes, ...image }) =>
      Network.build(image, (x) => linear(globalAvgPool(activation(conv2d(x, convolution), 'relu')), { out: classes })),
  }),
);

/** Trials on the images of digits; without a strategy, of architectures that the seed alone decides. */
async function trialsOf(settings: object, config: object = {}): Promise<readonly TrialRecord[]> {
  const { trials } = await inlineSearch({
    data: 'digits',
    space: 'one-convolution',
    strategy: 'random',
    trials: 3,
    seed: 1,
    ...config,
    evaluation: { name: 'zero-cost', batchSize: 8, ...settings },
  });
  return trials;
}

const scoresOf = (trials: readonly TrialRecord[]) => trials.map(({ score }) => score);

describe('zero-cost', () => {
  it('scores by one proxy, whose name the metrics have', async () => {
    const trials = await trialsOf({ score: 'params' });
    expect(scoresOf(trials)).toEqual(trials.map(({ cost }) => cost.params));
    expect(trials.map(({ metrics }) => metrics.params)).toEqual(scoresOf(trials));
  });

  it('composes with strategies that learn from scores', async () => {
    const strategy = { name: 'regularized-evolution', populationSize: 2, sampleSize: 2 };
    const trials = await trialsOf({ score: 'snip' }, { strategy, trials: 5 });
    expect(trials.map(({ state }) => state)).toEqual(Array(5).fill('completed'));
    expect(new Set(scoresOf(trials)).size).toBeGreaterThan(1);
  });

  it('looks at as many images as it is told', async () => {
    const [eight, nine] = [await trialsOf({ score: 'snip' }), await trialsOf({ score: 'snip', batchSize: 9 })];
    expect(scoresOf(nine)).not.toEqual(scoresOf(eight));
    expect(scoresOf(await trialsOf({ score: 'snip' }))).toEqual(scoresOf(eight));
  });

  it('ranks by a vote in a random pool, of the size that it is told, which is scored once', async () => {
    for (const pool of [2, 3]) {
      const trials = await trialsOf({ score: 'vote', pool });
      for (const { metrics, score } of trials) {
        expect((score ?? Number.NaN) * pool).toBeCloseTo(Math.round((score ?? Number.NaN) * pool), 9);
        expect(Object.keys(metrics)).toEqual(expect.arrayContaining(['synflow', 'jacob_cov', 'snip']));
      }
    }
  });

  it('fails a trial whose score is undefined, with the reason', async () => {
    const [trial] = await trialsOf({ score: 'snip', batchSize: 1 }, { trials: 1 });
    expect(trial).toMatchObject({ state: 'failed' });
    expect(trial?.reason).toContain('its snip is undefined: all images are of one class');
  });

  it('refuses more images than there are before anything is scored, and unknown scores', async () => {
    const dataset = await loadDataset('digits');
    expect(() => zeroCost.create({ batchSize: 5_000 }).check?.(dataset)).toThrow(
      'The setting batchSize of the evaluation zero-cost is 5000, but there are',
    );
    expect(() => zeroCost.create({ score: 'synflo' })).toThrow('synflo');
  });
});
