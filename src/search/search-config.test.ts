import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { UsageError } from '../error.js';
import { checkSearchConfig, configOf } from './search-config.js';

const messageFor = async (config: unknown, source?: string): Promise<string> => {
  try {
    await checkSearchConfig(config, source);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no error';
};

describe('a search config', () => {
  it('has defaults for all but the data', async () => {
    const { configuration, training, name } = await checkSearchConfig({ data: 'digits' });
    expect(configuration).toMatchObject({
      space: { name: 'mobile', settings: {} },
      strategy: { name: 'regularized-evolution' },
      evaluation: { name: 'train' },
      data: { reference: 'digits', seed: 0 },
      trials: 20,
      budgetSeconds: null,
      threads: 1,
      seed: 0,
      limits: { seconds: null, bytes: null },
    });
    expect(configuration.workers).toBeGreaterThanOrEqual(1);
    expect(training).toMatchObject({ epochs: null, imageViews: 600_000 });
    expect(name).toBeUndefined();
  });

  it('reads quantities as numbers and as text', async () => {
    const { configuration } = await checkSearchConfig({
      data: 'digits',
      maxParams: '60k',
      maxMacs: 3_000_000,
      maxMemory: '64KB',
      budget: '10m',
      trialTime: '90s',
      trialMemory: '2GB',
    });
    expect(configuration.constraints).toEqual({ params: 60_000, macs: 3_000_000, peakActivationBytes: 65_536 });
    expect(configuration).toMatchObject({ trials: null, budgetSeconds: 600, limits: { seconds: 90, bytes: 2 ** 31 } });
  });

  it('makes paths absolute, so that a study can be resumed elsewhere', async () => {
    const referenceOf = async (data: string) => (await checkSearchConfig({ data })).configuration.data.reference;
    expect(await referenceOf('./photos')).toBe(resolve('photos'));
    expect(await referenceOf('cifar10:bins')).toBe(`cifar10:${resolve('bins')}`);
    expect(await referenceOf('mnist')).toBe('mnist');
    expect(await referenceOf('src')).toBe(resolve('src'));
    // For "did you mean".
    expect(await referenceOf('minst')).toBe('minst');
  });

  it('trains no winner where told so', async () => {
    expect((await checkSearchConfig({ data: 'digits', final: false })).training).toBeNull();
    expect((await checkSearchConfig({ data: 'digits', final: { epochs: 3 } })).training).toMatchObject({ epochs: 3 });
  });

  it('is given back by the study that it began', async () => {
    const config = { data: 'digits', maxParams: '60k', budget: '10m', trials: 7, workers: 2, seed: 4 };
    const { configuration, training } = await checkSearchConfig(config);
    const again = await checkSearchConfig(configOf({ ...configuration, final: null }, { out: '', training }));
    expect(again.configuration).toEqual(configuration);
    expect(again.training).toEqual(training);
  });

  it.each([
    [{}, 'The setting data is missing: it must be a text.'],
    [{ data: 3 }, 'The setting data is 3, but it must be a text.'],
    [
      { data: 'digits', maxParam: 3 },
      'There is no setting "maxParam" (did you mean maxParams?); the settings are data, space, strategy, evaluation, stopping, pick, maxParams, maxMacs, maxMemory, maxLatencyMs, trials, budget, workers, threads, trialTime, trialMemory, seed, name, store, out, final.',
    ],
    [
      { data: 'digits', maxParams: -3 },
      'The setting maxParams is -3, but it must be a positive number such as 60000, 60k or 1.5M.',
    ],
    [
      { data: 'digits', maxParams: Number.NaN },
      'The setting maxParams is NaN, but it must be a positive number such as 60000, 60k or 1.5M.',
    ],
    [
      { data: 'digits', maxMemory: 'much' },
      'The setting maxMemory is "much", but it must be a positive number of bytes such as 262144, 256k, 64KB or 1MB (1 k = 1024 bytes).',
    ],
    [
      { data: 'digits', budget: 600 },
      'The setting budget is 600, but it must be a time with its unit such as 90s, 10m, 1h or 1h30m.',
    ],
    [{ data: 'digits', trials: 0 }, 'The setting trials is 0, but it must be a whole number from 1 to 1000000.'],
    [{ data: 'digits', trials: 2.5 }, 'The setting trials is 2.5, but it must be a whole number from 1 to 1000000.'],
    [
      { data: 'digits', name: 'my study' },
      'The setting name is "my study", but it must be 1 to 100 letters, digits, dots, dashes and underscores that begin with a letter or digit.',
    ],
    [
      { data: 'digits', evaluation: { name: 'train', epoch: 3 } },
      /^There is no setting "evaluation\.epoch" \(did you mean epochs\?\); the settings of evaluation are epochs, imageViews, .*\.$/,
    ],
    [
      { data: 'digits', evaluation: { name: 'train', epochs: 'three' } },
      /^The setting evaluation\.epochs is "three", but it must be a (whole )?number\.$/,
    ],
    [
      { data: 'digits', evaluation: { name: 'train', optimizer: 'sgdd' } },
      'The setting evaluation.optimizer is "sgdd" (did you mean sgd?), but it must be one of sgd, adam, adamw.',
    ],
    [
      { data: 'digits', evaluation: { name: 'train', augmentation: { flop: true } } },
      'There is no setting "evaluation.augmentation.flop" (did you mean flip?); the settings of evaluation.augmentation are flip, shift, cutout.',
    ],
    [{ data: 'digits', final: { epochs: 0 } }, 'The setting final.epochs is 0, but it must be at least 1.'],
    [
      { data: 'digits', final: 'yes' },
      'The setting final is "yes", but it must be false, or the settings of the final training.',
    ],
    [
      { data: 'digits', strategy: 3 },
      'The setting strategy is 3, but it must be a name, or a name with its settings (name: NAME).',
    ],
    [
      { data: 'digits', strategy: { sampleSize: 3 } },
      /^The setting strategy is \{"sampleSize":3\}, but it must be a name/,
    ],
    [
      { data: 'digits', space: { name: 'mobile', depth: 3 } },
      'There is no setting "space.depth"; there are no settings of space.',
    ],
    [{ data: 'digits', space: 'mobil' }, /^There is no search space "mobil".*mobile/],
    [
      { data: 'digits', strategy: 'regularised-evolution' },
      /^There is no strategy "regularised-evolution".*regularized-evolution/,
    ],
    [{ data: 'digits', pick: 'knees' }, /^The setting pick is "knees", but it must be best, knee, or a bound such as/],
    [{ data: 'digits', pick: 'latencyMs<=5' }, /^The setting pick is "latencyMs<=5", but it must be best/],
    [{ data: 'digits', pick: 'params<=many' }, /^The setting pick is "params<=many", but it must be best/],
    [{ data: 'digits', stopping: 'mediam' }, /^There is no stopping rule "mediam" \(did you mean median\?\)/],
    [{ data: 'digits', stopping: { name: 'median', startup: 3 } }, /^There is no setting "stopping\.startup"/],
    [{ data: 'digits', strategy: { name: 'asha', eta: 1 } }, /^The setting strategy\.eta is 1/],
    [{ data: 'digits', evaluation: 'training' }, /^There is no evaluation "training".*train/],
  ] as const)('says of %j: %s', async (config, sentence) => {
    if (typeof sentence === 'string') expect(await messageFor(config)).toBe(sentence);
    else expect(await messageFor(config)).toMatch(sentence);
  });

  it('names the file that it was read from', async () => {
    expect(await messageFor({ data: 'digits', seed: -1 }, 'a.yaml')).toBe(
      'The setting seed in a.yaml is -1, but it must be a whole number from 0 to 2147483647.',
    );
  });

  it.each(['fashion-mnist.yaml', 'my-images.yaml'])('of examples/%s is right', async (file) => {
    expect(await messageFor(parse(readFileSync(join('examples', file), 'utf8')))).toBe('no error');
  });
});
