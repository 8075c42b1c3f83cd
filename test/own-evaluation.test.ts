/** @file Evaluations of the user's own by their modules: the example as the documentation shows it, by itself and in a search. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nodeEngine } from '../src/engine/node-engine.js';
import { evaluationRegistry } from '../src/evaluation/registry.js';
import { activation, globalAvgPool, linear } from '../src/nn/layers/index.js';
import { Network } from '../src/nn/network.js';
import { referred } from '../src/reference/reference.js';
import { commandsIn } from './cli/commands.js';
import { newFolder } from './cli/nas.js';
import { evaluationRequest, silentJob } from './evaluation/request.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = join(root, 'examples/own-evaluation.mjs');
const { definition } = await referred(file, evaluationRegistry);

/** Shrinks the images of `digits`, 8×8, to `side`: an evaluation resizes them to what the network takes. */
const network = (side: number) =>
  Network.build({ channels: 1, height: side, width: side }, (image) =>
    linear(activation(globalAvgPool(image), 'relu'), { out: 10 }),
  );

describe('the example of an evaluation of one’s own', () => {
  it('is what the documentation shows', () => {
    const page = readFileSync(join(root, 'docs/own-evaluation.md'), 'utf8');
    expect(/```js\n([\s\S]*?)```/.exec(page)?.[1]).toBe(readFileSync(file, 'utf8'));
  });

  it('scores a network with random weights above chance, equally each time, at any size of images', async () => {
    const evaluation = definition.create({ images: 200 });
    const score = async (side: number) =>
      (await evaluation.evaluate(evaluationRequest(network(side)), silentJob())).metrics.untrained;
    const first = await score(8);
    expect(first).toBeGreaterThan(0.1);
    expect(first).toBeLessThan(1);
    expect(await score(8)).toBe(first);
    expect(await score(4)).toBeGreaterThan(0);
  });

  it('measures latency, and keeps a model where the study may come back to the candidate', async () => {
    const evaluation = definition.create({ images: 200 });
    const job = silentJob();
    const brief = await evaluation.evaluate(evaluationRequest(network(8), {}, { fidelity: 0.2, keep: true }), job);
    expect(brief.costs?.latencyMs).toBeGreaterThan(0);
    const kept = brief.artifacts?.model;
    if (kept === undefined) throw new Error('no model was kept');
    const model = await nodeEngine().load(await job.artifacts.get(kept));
    expect([...model.inputs.keys()]).toEqual(['images']);
    await model.release();
    const forgotten = await evaluation.evaluate(evaluationRequest(network(8)), job);
    expect(forgotten.artifacts).toBeUndefined();
  });

  it('can spend no smaller share than one image of each class', () => {
    expect(
      definition.create({ images: 200 }).leastFidelity?.({ train: 1375, valid: 153, classes: 10, height: 8, width: 8 }),
    ).toBe(0.05);
  });

  it('scores the trial of a search, which records what was measured', async () => {
    const folder = newFolder();
    const run = commandsIn(folder, { NASTURTIUM_STORE: join(folder, 'studies.db') });
    const options = ['--data', 'digits', '--trials', '1', '--workers', '1', '--no-final', '--json'];
    const { status, stdout } = await run('search', '--evaluation', `${file}:images=100`, ...options);
    expect(status).toBe(0);
    const { best } = JSON.parse(stdout);
    expect(best.metrics.untrained).toBeGreaterThan(0);
    expect(best.cost.latencyMs).toBeGreaterThan(0);
  });
});
