/** @file Shares of a full evaluation: what each makes smaller, what it costs, the least, and how a promoted trial goes on. */
import { describe, expect, test } from 'vitest';
import { evaluationRequest, silentJob } from '../../test/evaluation/request.js';
import type { Json } from '../json.js';
import { convNorm } from '../nn/blocks/index.js';
import { globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { Random } from '../random.js';
import { spaceNamed } from '../space/registry.js';
import { type BuildTarget, buildNetwork, targetImage } from '../space/space.js';
import type { Point } from '../training/curve.js';
import { fidelityDimensions, leastShare, targetAt, trainingAt, trainingWithFidelity } from './fidelity.js';
import { train } from './train.js';

const target: BuildTarget = { channels: 1, height: 32, width: 32, classes: 10 };
const settingsOf = (settings: object) => trainingWithFidelity.parse(settings);
const space = spaceNamed('nas-bench-201');
const cell: Json = space.parse('resnet');

describe('a share of the work', () => {
  test.each([
    [['epochs'], 1 / 4, { milestone: 1 / 4, subset: 1, side: undefined, width: 1, depth: 1 }],
    [['data'], 1 / 4, { milestone: 1, subset: 200, side: undefined, width: 1, depth: 1 }],
    // Work is the square of the side and of the width.
    [['resolution'], 1 / 4, { milestone: 1, subset: 1, side: 16, width: 1, depth: 1 }],
    [['channels'], 1 / 4, { milestone: 1, subset: 1, side: undefined, width: 1 / 2, depth: 1 }],
    [['depth'], 1 / 4, { milestone: 1, subset: 1, side: undefined, width: 1, depth: 1 / 4 }],
    // Each takes half of it.
    [['data', 'resolution'], 1 / 16, { milestone: 1, subset: 200, side: 16, width: 1, depth: 1 }],
    [['epochs', 'depth'], 1 / 9, { milestone: 1 / 3, subset: 1, side: undefined, width: 1, depth: 1 / 3 }],
  ])('of %j', (fidelity, share, expected) => {
    const settings = settingsOf({ fidelity, epochs: 5 });
    const { milestone, settings: training } = trainingAt(settings, 800, share);
    const { resolution, widthMultiplier, depthMultiplier } = targetAt(settings, target, share);
    expect({
      milestone,
      subset: training.subset,
      side: resolution,
      width: widthMultiplier,
      depth: depthMultiplier,
    }).toEqual(expected);
    expect(training.epochs).toBe(5);
  });

  test.each(fidelityDimensions)('of %s costs about as much of the work', (dimension) => {
    const settings = settingsOf({ fidelity: [dimension], epochs: 8, batchSize: 10 });
    const work = (share: number): number => {
      const { milestone, settings: training } = trainingAt(settings, 800, share);
      const images = training.subset > 1 ? training.subset : 800;
      return milestone * images * buildNetwork(space, cell, targetAt(settings, target, share)).cost().macs;
    };
    expect(work(1 / 4) / work(1)).toBeGreaterThan(0.2);
    expect(work(1 / 4) / work(1)).toBeLessThan(0.35);
  });

  test('of data keeps the epochs, where a smaller subset would have more of them', () => {
    const settings = settingsOf({ fidelity: ['data'], imageViews: 1600, subset: 0.5 });
    expect(trainingAt(settings, 800, 1 / 4).settings).toMatchObject({ epochs: 4, subset: 100 });
    expect(trainingAt(settings, 800, 1).settings).toMatchObject({ epochs: null, subset: 0.5 });
  });

  test('goes below the settings, not below the images alone', () => {
    const settings = settingsOf({
      fidelity: ['resolution', 'channels'],
      resolution: 20,
      widthMultiplier: 0.5,
      depthMultiplier: 0.4,
    });
    expect(targetAt(settings, target, 1 / 16)).toMatchObject({
      resolution: 10,
      widthMultiplier: 0.25,
      depthMultiplier: 0.4,
    });
  });

  test('is told which dimensions there are', () => {
    expect(() => train.create({ fidelity: ['pixels'] })).toThrow(/fidelity/);
    expect(() => train.create({ fidelity: ['data', 'data'] })).toThrow(/names that differ/);
    expect(() => train.create({ fidelity: [] })).toThrow(/fidelity/);
  });
});

describe('the least share', () => {
  const facts = { train: 800, valid: 100, classes: 10, height: 32, width: 32 };
  const least = (settings: object) => leastShare(settingsOf(settings), facts);

  test.each([
    [{ fidelity: ['epochs'], epochs: 5, batchSize: 80 }, 1 / 50],
    [{ fidelity: ['data'], epochs: 5 }, 10 / 800],
    [{ fidelity: ['data'], epochs: 5, batchSize: 80 }, 80 / 800],
    [{ fidelity: ['resolution'] }, (4 / 32) ** 2],
    // Each dimension takes the square root of the share: 80 of 800 images, of which an epoch is one step.
    [{ fidelity: ['data', 'epochs'], epochs: 2, batchSize: 80 }, (1 / 2) ** 2],
    [{ fidelity: ['data', 'resolution'] }, ((4 / 32) ** 2) ** 2],
    [{ fidelity: ['channels'] }, 0],
  ])('of %j', (settings, share) => expect(least(settings)).toBeCloseTo(share, 10));

  test('can be trained, and less of it is too little', () => {
    const settings = settingsOf({ fidelity: ['data', 'epochs'], epochs: 3, batchSize: 32 });
    const share = leastShare(settings, facts);
    const { settings: training, milestone } = trainingAt(settings, facts.train, share);
    expect(training.subset).toBeGreaterThanOrEqual(32);
    expect(milestone * 3 * Math.floor(training.subset / 32)).toBeGreaterThanOrEqual(1 - 1e-9);
  });
});

describe('a promoted trial', () => {
  const small = { batchSize: 32, epochs: 4, validSubset: 50, subset: 320 };
  const digits: BuildTarget = { channels: 1, height: 8, width: 8, classes: 10 };

  const convolutional = (to: BuildTarget): Network =>
    Network.build(targetImage(to), (image) => {
      const out = Math.round(16 * (to.widthMultiplier ?? 1));
      return linear(globalAvgPool(convNorm(image, { out, kernel: 3, activation: 'relu' })), { out: to.classes });
    });

  /** Trains at a share, then goes on at a larger one from what that kept. */
  async function promoted(fidelity: readonly string[]) {
    const settings = { ...small, fidelity: [...fidelity] };
    const evaluation = train.create(settings);
    const networkAt = (share: number): Network => convolutional(evaluation.target?.(digits, share) ?? digits);
    const curve: Point[] = [];
    const job = { ...silentJob(), report: (point: Point) => curve.push(point) };
    const request = (share: number) => evaluationRequest(networkAt(share), settings, { fidelity: share, seed: 1 });
    const first = await evaluation.evaluate({ ...request(1 / 4), keep: true }, job);
    const before = curve.splice(0);
    const inputs = { ...(first.artifacts && { earlier: first.artifacts }), spent: 1 / 4 };
    const second = await evaluation.evaluate({ ...request(1), inputs }, job);
    return { first: first.metrics, second: second.metrics, before, after: curve };
  }

  test.each([['data'], ['resolution']])(
    'of %s goes on from its weights, and trains what is left',
    async (dimension) => {
      const { second, before, after } = await promoted([dimension]);
      expect(second).toMatchObject({ inheritedShare: 1, trainedEpochs: 3 });
      // It begins where the one before ended, far below the loss of random weights.
      expect(after[0]?.values.trainLoss).toBeLessThan(before[0]?.values.trainLoss ?? 0);
    },
  );

  test('of channels begins with copies of its channels, and trains in full', async () => {
    const { first, second, before, after } = await promoted(['channels']);
    expect(first.inheritedShare).toBeUndefined();
    expect(second).toMatchObject({ inheritedShare: 1, trainedEpochs: 4 });
    expect(after[0]?.values.trainLoss).toBeLessThan(before[0]?.values.trainLoss ?? 0);
  });
});

describe('depth', () => {
  const depthOf = (name: string, depthMultiplier: number) => {
    const searched = spaceNamed(name);
    const architecture = searched.decisions.sample(new Random(1));
    return buildNetwork(searched, architecture, { ...target, depthMultiplier }).layers.length;
  };

  test.each(['nas-bench-201', 'nas-bench-101', 'darts', 'pnas', 'efficientnet'])(
    'of %s is how often it repeats its cells or blocks',
    (name) => expect(depthOf(name, 0.6)).toBeLessThan(depthOf(name, 1)),
  );

  test('that leaves too little is refused, as by spaces that repeat nothing', () => {
    expect(() => depthOf('nas-bench-201', 0.05)).toThrow(
      'A depth of 0.0500 leaves 0 of the 5 repeated cells or blocks, but the network needs at least 1',
    );
    expect(() => depthOf('nasnet', 0.5)).toThrow('needs at least 3');
    expect(() => depthOf('mobile', 0.5)).toThrow('The space mobile repeats no cell or block');
  });
});
