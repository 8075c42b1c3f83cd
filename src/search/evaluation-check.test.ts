/** @file What is said of evaluations that fit neither the data nor the strategy. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import { loadDataset } from '../data/load.js';
import { nodeEngine } from '../engine/node-engine.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { train } from '../evaluation/train.js';
import { bool } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import { strategies, strategyNamed } from '../strategy/registry.js';
import { checkEvaluation, checkFidelity, checkNetworks, checkQuantities } from './evaluation-check.js';
import { searchTarget } from './target.js';

describe('checkEvaluation', () => {
  it('lets pass what fits, and names the setting that does not', async () => {
    const digits = await loadDataset('digits');
    const check = (place: string, settings: object) => () => checkEvaluation(place, train.create(settings), digits);
    check('final', { batchSize: 1375 })();
    expect(check('final', { batchSize: 1376 })).toThrow(
      'The setting final does not fit the data. There are 1375 training images, fewer than one batch of 1376: choose a batch size of at most 1375, or use more images.',
    );
    const refused = (settings: object) => check('evaluation', settings);
    expect(refused({ subset: 2000 })).toThrow(/^The setting evaluation does not fit the data\. A subset of 2000/);
    expect(refused({ validSubset: 5 })).toThrow(/too small for their 10 classes/);
    expect(refused({ augmentation: { shift: 8 } })).toThrow(/shift/);
    expect(refused({ subset: 0.02, batchSize: 32 })).toThrow(/fewer than one batch of 32/);
  });
});

describe('checkFidelity', () => {
  const check = async (
    name: string,
    settings: object,
    evaluation: { readonly name: string; readonly created: Evaluation },
  ) => checkFidelity({ definition: strategyNamed(name), settings }, evaluation, await loadDataset('digits'));
  const training = (settings: object) => ({ name: 'train', created: train.create(settings) });
  // 1375 images: 1375 · 0.1 are 4 batches of 32.
  const short = { epochs: 1, subset: 0.1, batchSize: 32 };

  it.each(['asha', 'successive-halving', 'hyperband'])(
    'lets %s begin with a step of training, not with less',
    async (name) => {
      await check(name, { resource: 4, eta: 4 }, training(short));
      await check(name, { resource: 9 }, training({ ...short, epochs: 3 }));
      await expect(check(name, { resource: 9 }, training(short))).rejects.toThrow(
        `The strategy ${name} begins with 0.111 of a full evaluation, which is too little: the least that the evaluation train can spend on these data is 0.250 of one. Make full evaluations longer (more epochs, more images, smaller batches), or give strategy.resource a value of at most 4.`,
      );
    },
  );

  it('lets no strategy of fidelities search by an evaluation that has full ones only', async () => {
    const whole = { name: 'whole', created: { evaluate: async () => ({ metrics: {} }) } };
    await expect(check('asha', {}, whole)).rejects.toThrow(
      'The strategy asha begins with 0.111 of a full evaluation, but the evaluation whole has full ones only: choose another strategy.',
    );
    await check('asha', { resource: 1 }, whole);
    await check('random', {}, whole);
  });
});

describe('checkQuantities', () => {
  const check = (name: string, settings: object) =>
    checkQuantities(
      { definition: strategyNamed(name), settings },
      { before: ['params'], after: ['params', 'latencyMs'] },
    );

  it('lets strategies work with what is known when they need it', () => {
    check('random', {});
    check('nsga2', { minimise: ['params', 'latencyMs'] });
    check('asha', { proposer: { name: 'nsga2', minimise: ['params'] } });
    check('guided', { score: 'params', reward: { quantity: 'latencyMs', target: 5 } });
  });

  it.each([
    ['nsga2', { minimise: ['parms'] }, 'to minimise "parms" (did you mean params?)', 'params, latencyMs'],
    ['asha', { resource: 1, minimise: ['macs'] }, 'to minimise "macs"', 'params, latencyMs'],
    ['asha', { proposer: { name: 'nsga2', minimise: ['macs'] } }, 'to minimise "macs"', 'params, latencyMs'],
    ['guided', { score: 'latencyMs' }, 'to screen by "latencyMs"', 'params'],
    ['guided', { reward: { quantity: 'macs', target: 5 } }, 'to weigh "macs"', 'params, latencyMs'],
  ])('refuses %s with a cost that nobody knows: %j', (name, settings, reason, known) => {
    expect(() => check(name, settings)).toThrow(
      `The strategy is ${reason}, which is not known of candidates here; known are ${known}.`,
    );
  });
});

describe('the least fidelity that a strategy declares', () => {
  it.each(strategies.map((definition) => [definition.name, definition] as const))(
    'of %s is that of its first question, and of no later one is less',
    async (_, definition) => {
      const space = toySpace(repeat(bool(), 5));
      const constraints = { limits: {}, cost: () => ({ params: 1 }) };
      const strategy = definition.create({ space, settings: {}, seed: 1, constraints, engine: nodeEngine() });
      const least = definition.leastFidelity?.({}) ?? 1;
      const asked: number[] = [];
      for (let trial = 0; trial < 6; trial++) {
        const proposal = await strategy.ask();
        if (typeof proposal === 'string') break;
        asked.push(proposal.fidelity ?? 1);
        await strategy.tell(trial, { state: 'completed', score: trial });
      }
      await strategy.close?.();
      expect(Math.min(...asked)).toBeCloseTo(least, 12);
      expect(asked[0]).toBeCloseTo(least, 12);
    },
  );
});

describe('checkNetworks', () => {
  const images = { channels: 1, height: 8, width: 8, classes: 10 };
  const check = (name: string, settings: object, fidelity: number) => () => {
    const target = train.create(settings).target?.(images, fidelity) ?? images;
    checkNetworks('evaluation', { space: { name, settings: {} }, seed: 0 }, target, fidelity);
  };

  it('lets pass what can be built, and names the space and the share where nothing can', () => {
    check('nas-bench-201', { fidelity: ['depth'] }, 1 / 9)();
    expect(check('mobile', { fidelity: ['depth'] }, 1 / 9)).toThrow(
      'The setting evaluation, at 0.111 of a full evaluation, does not fit the space mobile. The space mobile repeats no cell or block',
    );
    expect(check('mobile', { depthMultiplier: 0.5 }, 1)).toThrow(
      /^The setting evaluation does not fit the space mobile\./,
    );
    expect(check('nas-bench-201', { fidelity: ['depth'] }, 1 / 27)).toThrow('leaves 0 of the 5 repeated cells');
  });
});

describe('searchTarget', () => {
  it('is the images as they are, or as large as the evaluation makes them', async () => {
    const digits = await loadDataset('digits');
    const own = { channels: 1, height: 8, width: 8, classes: 10 };
    expect(searchTarget(digits, train.create({ resolution: 6, widthMultiplier: 0.5 }))).toEqual(own);
    expect(searchTarget(digits, train.create({ resolution: 32 }))).toEqual({ ...own, resolution: 32 });
    expect(searchTarget(digits, {})).toEqual(own);
  });
});
