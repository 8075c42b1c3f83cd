/** @file Studies whose children begin with the weights of their parents: what they are given, what is kept, and what of it is gone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactsInMemory } from '../../test/evaluation/request.js';
import { nodeEngine } from '../engine/node-engine.js';
import { WorkError } from '../error.js';
import type { ArtifactStore } from '../evaluation/artifact.js';
import { evaluationNamed } from '../evaluation/registry.js';
import { InlineExecutor } from '../execution/inline-executor.js';
import { convNorm } from '../nn/blocks/index.js';
import { globalAvgPool, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { keptArtifacts } from '../record/kept-artifacts.js';
import { ordinal } from '../space/decisions/choice.js';
import type { Infer } from '../space/decisions/decision.js';
import { object } from '../space/decisions/product.js';
import { registerSpace } from '../space/registry.js';
import { defineSpace, targetImage } from '../space/space.js';
import { StudyStore } from '../store/store.js';
import { resumeStudy, runStudy, type StudyResult } from './runner.js';
import { setupOf } from './setup.js';

const engine = nodeEngine();
const target = { channels: 1, height: 8, width: 8, classes: 10 };
const settings = { epochs: 3, subset: 320, batchSize: 32, validSubset: 100 };

const genes = object({ width: ordinal([8, 12, 16]), kernel: ordinal([3, 5]), inner: ordinal([8, 12, 16]) });

/** Two convolutions, whose widths and windows are searched. */
registerSpace(
  defineSpace<Infer<typeof genes>>({
    name: 'two-convolutions',
    title: 'Two convolutions',
    paper: 'none',
    description: 'Small networks for a test.',
    decisions: genes,
    build: ({ width, kernel, inner }, to) =>
      Network.build(targetImage(to), (image) => {
        const x = convNorm(image, { name: 'first', out: width, kernel, activation: 'relu' });
        const y = convNorm(x, { name: 'second', out: inner, kernel: 3, stride: 2, activation: 'relu' });
        return linear(globalAvgPool(y), { out: to.classes });
      }),
  }),
);
const configuration: StudyConfiguration = {
  space: { name: 'two-convolutions', settings: {} },
  strategy: { name: 'regularized-evolution', settings: { populationSize: 3, sampleSize: 3 } },
  evaluation: { name: 'inherit', settings },
  data: { reference: 'digits', seed: 0 },
  constraints: {},
  seed: 3,
  trials: 9,
  budgetSeconds: null,
  workers: 1,
  threads: 1,
  limits: { seconds: null, bytes: null },
  final: null,
};

let folder: string;
let store: StudyStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasturtium-inherited-'));
  store = StudyStore.open(join(folder, 'studies.db'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The study, run to its end or until so many trials have begun; goes on with one that has begun. */
async function run(
  name: string,
  artifacts: ArtifactStore,
  { resumed = false, trials = 99 } = {},
): Promise<StudyResult> {
  const evaluation = evaluationNamed('inherit').create(settings);
  const stop = new AbortController();
  let begun = 0;
  const options = {
    store,
    setup: setupOf(configuration, { target, engine, evaluation }),
    executor: new InlineExecutor({ evaluation: evaluationNamed, engine, artifacts }),
    signal: stop.signal,
    onNews(news: { readonly kind: string }) {
      if (news.kind === 'started' && ++begun > trials) stop.abort();
    },
  };
  return resumed ? resumeStudy(name, options) : runStudy(name, configuration, options);
}

const essence = ({ trials }: StudyResult) =>
  trials.map(({ number, parent, architecture, metrics, artifacts }) => ({
    number,
    parent,
    architecture,
    metrics,
    artifacts,
  }));

describe('a mutated child', () => {
  it('begins with the weights of its parent, which are kept, and does so again when the study goes on', async () => {
    const whole = await run('whole', artifactsInMemory());
    const children = whole.trials.filter(({ parent }) => parent !== null);
    expect(children.length).toBe(6);
    for (const { parent, metrics } of children) {
      expect(whole.trials[parent ?? -1]?.artifacts.checkpoint).toBeDefined();
      expect(metrics.inheritedShare).toBeGreaterThan(0.3);
      expect(metrics.trainedEpochs).toBe(settings.epochs);
    }
    const first = whole.trials.filter(({ parent }) => parent === null);
    expect(first.map(({ metrics }) => metrics.inheritedShare)).toEqual([undefined, undefined, undefined]);
    const lossOf = ({ curve }: (typeof first)[number]) => curve[0]?.values.trainLoss ?? Number.NaN;
    expect(Math.min(...children.map(lossOf))).toBeLessThan(Math.min(...first.map(lossOf)) / 2);
    const kept = keptArtifacts({ trials: whole.trials, searchEnd: null, preparation: null }, configuration);
    expect(kept.size).toBe(9);

    const artifacts = artifactsInMemory();
    await run('cut', artifacts, { trials: 5 });
    expect(essence(await run('cut', artifacts, { resumed: true }))).toEqual(essence(whole));
  });

  it('of a parent whose weights are gone starts afresh, and says so', async () => {
    const gone = { ...artifactsInMemory(), get: () => Promise.reject(new WorkError('It is missing.')) };
    const { trials } = await run('gone', gone);
    expect(trials.map(({ metrics }) => metrics.inheritedShare)).toEqual([
      ...[undefined, undefined, undefined],
      ...[0, 0, 0, 0, 0, 0],
    ]);
  });
});
