/** @file Random searches on known curves, with a stopping rule and without. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCurves } from './curve-file.js';
import { benchmarkCurves } from './curve-prediction.js';
import { benchmarkStopping } from './stopped-search.js';

let folder: string;
let file: string;
/** Twenty straight lines to .05, .1, … 1 over ten epochs. */
const lines = Array.from({ length: 20 }, (_, place) => ({
  arch: `line ${place}`,
  params: place,
  validAccuracy: Array.from({ length: 10 }, (_, epoch) => ((place + 1) / 20) * ((epoch + 1) / 10)),
}));
const written = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'curves-'));
  file = written('lines.json', lines);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a random search on known curves', () => {
  const rule = { name: 'median', settings: { startupTrials: 3, warmupEpochs: 2 } };

  it('spends fewer epochs with a rule, and reaches the same regret sooner', async () => {
    const result = await benchmarkStopping(file, { rule, runs: 5 });
    expect(result.epochs.whole).toBe(200);
    expect(result.epochs.stopped).toBeLessThan(170);
    // Lines do not cross: the median rule never stops the best of all, whose score is 1.
    expect(result).toMatchObject({ architectures: 20, bestStopped: 0, trials: { letRun: 0, wrong: 0 } });
    // Each that is stopped has run for three epochs of ten.
    expect(result.epochs.stopped).toBeCloseTo(200 - 7 * result.trials.stopped, 9);
    const last = result.sooner.at(-1);
    expect(last?.epochs).toBe(180);
    expect(last?.epochsWithRule).toBeLessThan(180);
    expect(await benchmarkStopping(file, { rule, runs: 5 })).toEqual(result);
    expect(await benchmarkStopping(file, { rule, runs: 5, seed: 1 })).not.toEqual(result);
  });

  it('lets a share of what would be stopped run', async () => {
    const all = { ...rule, settings: { ...rule.settings, letRun: 1 } };
    const { epochs, trials } = await benchmarkStopping(file, { rule: all, runs: 2 });
    expect(epochs.stopped).toBe(200);
    expect(trials.letRun).toBeGreaterThan(0);
    expect(trials).toMatchObject({ stopped: 0, wrong: 0 });
  });
});

describe('predictions of known curves', () => {
  it('are judged on curves that were not learnt from', async () => {
    const { results, ...facts } = await benchmarkCurves(file, { seen: [2, 5], splits: 2, draws: 5 });
    expect(facts).toMatchObject({ architectures: 20, epochs: 10, training: 10, seen: [2, 5] });
    const [svr] = results;
    expect(svr?.way).toBe('ν-SVR, rbf');
    expect(svr?.spearman.every((rho) => rho > 0.8)).toBe(true);
    const last = results.find(({ way }) => way === 'last');
    // Half of a line: (y/2)² over the variance of the ends, far below 0 from a fifth of it.
    expect(last?.spearman[0]).toBeCloseTo(1, 9);
    expect(last?.r2[0]).toBeLessThan(last?.r2[1] ?? 0);
  });

  it('are refused where there is too little', async () => {
    await expect(benchmarkCurves(file, { training: 19 })).rejects.toThrow('has 20 curves, of which 19 are learnt from');
    await expect(benchmarkCurves(file, { seen: [10] })).rejects.toThrow('have 10 epochs: of those fewer must be seen');
  });
});

describe('a file of curves', () => {
  const [first, second] = lines;
  it.each<[string, unknown, string]>([
    ['shorter.json', [first, { ...second, validAccuracy: [0.1] }], 'Curve 2 of'],
    ['hole.json', [{ ...first, validAccuracy: [0.1, null] }], 'has null as its validAccuracy of epoch 2'],
    ['empty.json', [], 'is no list of curves'],
    ['other.json', [{ arch: 'a', loss: [1] }], 'has no list "validAccuracy": name one of loss with --metric.'],
    ['nothing.json', [{ arch: 'a', validAccuracy: [] }], 'has no values of validAccuracy'],
  ])('%s is refused in a sentence', async (name, value, sentence) => {
    await expect(readCurves(written(name, value), 'validAccuracy')).rejects.toThrow(sentence);
  });
});
