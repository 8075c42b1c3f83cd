import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { commandsIn } from '../../test/cli/commands.js';
import { nas, newFolder, type Outcome } from '../../test/cli/nas.js';

const folder = newFolder();
const env = { NASTURTIUM_STORE: join(folder, 'studies.db'), NASTURTIUM_CACHE: join(folder, 'cache') };
const run = commandsIn(folder, env);
/** As a process of its own, for signals. */
const program = (args: readonly string[], onError: NonNullable<Parameters<typeof nas>[1]>['onError']) =>
  nas(args, { cwd: folder, env, ...(onError && { onError }) });

/** A fraction of a second of training a candidate. */
const config = `
data: digits
strategy: { name: regularized-evolution, populationSize: 3, sampleSize: 2 }
evaluation: { name: train, epochs: 1, subset: 0.1, batchSize: 32, learningRate: 0.05 }
maxParams: 15k
maxMacs: 400k
trials: 4
workers: 2
seed: 3
final: { epochs: 2, batchSize: 32, learningRate: 0.05 }
`;
const configFile = join(folder, 'tiny.yaml');
writeFileSync(configFile, config);

describe('a search', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await run('search', configFile, '--name', 'whole', '--json');
  }, 120_000);

  it('prints one document with all that was found', () => {
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    const result = JSON.parse(outcome.stdout);
    expect(result).toMatchObject({
      study: 'whole',
      interrupted: false,
      trials: { completed: 4, failed: 0, pruned: 0, infeasible: 0 },
      final: { epochs: 2, testImages: 269, latency: { batch: 1, threads: 1 } },
      files: {
        onnx: join(folder, 'runs/whole/model.onnx'),
        card: join(folder, 'runs/whole/model-card.json'),
        report: join(folder, 'runs/whole/report.html'),
      },
    });
    expect(result.best.cost.params).toBeLessThanOrEqual(15_000);
    expect(result.best.cost.macs).toBeLessThanOrEqual(400_000);
    expect(result.best.cost.latencyMs).toBeGreaterThan(0);
    expect(result.final.curve).toHaveLength(2);
    expect(result.split).toContain('269 test');
  });

  it('exports a model of which evaluate says the same', async () => {
    const { final, files, best } = JSON.parse(outcome.stdout);
    const { stdout } = await run('evaluate', files.onnx, '--data', 'digits', '--json');
    const evaluation = JSON.parse(stdout);
    expect(evaluation).toMatchObject({ images: 269, split: 'test' });
    expect(evaluation.accuracy).toBeCloseTo(final.testAccuracy, 6);
    expect(evaluation.loss).toBeCloseTo(final.testLoss, 4);
    expect(evaluation.imagesPerSecond).toBeGreaterThan(0);
    const valid = JSON.parse(
      (await run('evaluate', files.onnx, '--data', 'digits', '--split', 'valid', '--seed', '3', '--json')).stdout,
    );
    expect(valid.accuracy).toBeCloseTo(final.validAccuracy, 6);
    const cost = JSON.parse((await run('cost', files.onnx, '--json')).stdout);
    expect(cost.macs).toBe(best.cost.macs);
  });

  it('writes a card and a report of it', () => {
    const { final, files, best } = JSON.parse(outcome.stdout);
    const card = JSON.parse(readFileSync(files.card, 'utf8'));
    expect(card).toMatchObject({
      accuracy: { test: final.testAccuracy, valid: final.validAccuracy },
      cost: { params: best.cost.params },
      seed: 3,
    });
    const report = readFileSync(files.report, 'utf8');
    expect(report).toContain('<!doctype html>');
    expect(report).toContain(best.notation);
    expect(existsSync(join(folder, 'runs/whole/model-card.md'))).toBe(true);
  });

  it('is in the store, with its trials and their curves', async () => {
    const { best, split } = JSON.parse(outcome.stdout);
    const { studies } = JSON.parse((await run('studies', '--json')).stdout);
    expect(studies).toContainEqual(expect.objectContaining({ name: 'whole', state: 'finished' }));
    const { trials } = JSON.parse((await run('show', 'whole', '--json')).stdout);
    expect(trials.map((trial: { number: number }) => trial.number)).toEqual([0, 1, 2, 3]);
    for (const trial of trials) {
      expect(trial).toMatchObject({ state: 'completed', reason: null });
      expect(trial.cost.params).toBeLessThanOrEqual(15_000);
      expect(trial.curve).toHaveLength(1);
    }
    const scores = trials.map((trial: { metrics: { validAccuracy: number } }) => trial.metrics.validAccuracy);
    expect(best.metrics.validAccuracy).toBe(Math.max(...scores));
    expect((await run('show', 'whole')).stdout.replace(/\s+/g, ' ')).toContain(split);
    const shown = await run('show', 'whole', String(best.trial));
    expect(shown.stdout).toContain(best.notation);
    expect(await run('show', 'whole', '9')).toMatchObject({
      status: 2,
      stderr: 'error: The study "whole" has no trial 9: they are 0 to 3.\n',
    });
  });

  it('gives its result again when it is resumed', async () => {
    const again = await run('resume', 'whole', '--json');
    expect(again.status).toBe(0);
    const { wallSeconds: _, ...first } = JSON.parse(outcome.stdout);
    expect(JSON.parse(again.stdout)).toMatchObject(first);
  });

  it('keeps what another study made', async () => {
    expect((await run('search', configFile, '--name', 'whole')).stderr).toMatch(
      /^error: A study named "whole" is already in .*: go on with it by 'nas resume whole', or choose another --name, such as whole-2\.$/m,
    );
    expect((await run('search', configFile, '--name', 'other', '--out', 'runs/whole')).stderr).toMatch(
      /^error: The folder .*runs\/whole holds a result already \(model\.onnx, /m,
    );
    expect(JSON.parse((await run('studies', '--json')).stdout).studies).toHaveLength(1);
  });
});

describe('an interrupted search', () => {
  const scoresOf = async (study: string) =>
    JSON.parse((await run('show', study, '--json')).stdout).trials.map(
      (trial: { number: number; architecture: unknown; score: number }) => [
        trial.number,
        trial.architecture,
        trial.score,
      ],
    );
  const options = ['--trials', '5', '--workers', '1', '--no-final'];

  it('ends with 130, tells how to go on, and then has the same trials as an undisturbed one', async () => {
    let sent = false;
    const stopped = await program(['search', configFile, '--name', 'stopped', ...options], (text, child) => {
      // As soon as the second trial is done.
      if (!sent && /^2\/5/m.test(text)) sent = child.kill('SIGINT');
    });
    expect(stopped.status).toBe(130);
    expect(stopped.stdout).toBe('');
    expect(stopped.stderr).toMatch(
      /Stopped after [23] completed trials; nothing is lost\. Go on with:\n {2}nas resume stopped\n$/,
    );
    expect(JSON.parse((await run('studies', '--json')).stdout).studies).toContainEqual(
      expect.objectContaining({ name: 'stopped', state: 'stopped' }),
    );
    const resumed = await run('resume', 'stopped', '--json');
    expect(resumed.status).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ trials: { completed: 5 }, final: null, files: { onnx: null } });
    await run('search', configFile, '--name', 'undisturbed', ...options, '--quiet');
    expect(await scoresOf('stopped')).toEqual(await scoresOf('undisturbed'));
  }, 120_000);

  it('ends at once at the second Ctrl-C, and loses nothing', async () => {
    const killed = await program(['search', configFile, '--name', 'twice', '--trials', '5'], (text, child) => {
      if (/^1\/5/m.test(text)) child.kill('SIGINT');
      if (text.includes('Stopping')) child.kill('SIGINT');
    });
    expect(killed.status).toBe(130);
    const { trials } = JSON.parse((await run('show', 'twice', '--json')).stdout);
    expect(trials[0].state === 'completed' || trials[1].state === 'completed').toBe(true);
  }, 60_000);
});

describe('a search that cannot succeed', () => {
  it('tells how to go on where its result cannot be written, and does', async () => {
    const args = ['search', configFile, '--name', 'unwritten', '--trials', '1', '--out', 'unwritten'];
    const inTheWay = join(folder, 'unwritten/weights.safetensors');
    const search = commandsIn(folder, env, (text) => {
      if (/^1\/1/m.test(text)) mkdirSync(inTheWay, { recursive: true });
    });
    const { status, stderr } = await search(...args);
    expect(stderr).toMatch(/^error: The file .* cannot be written .*\nTo go on after that:\n {2}nas resume unwritten/m);
    expect(status).toBe(1);
    rmSync(inTheWay, { recursive: true });
    expect((await run('resume', 'unwritten')).status).toBe(0);
  }, 60_000);

  it('fails where every trial does, with the reason', async () => {
    const diverging = config.replace(
      'learningRate: 0.05 }\nmax',
      'learningRate: 100, warmup: 0, optimizer: sgd }\nmax',
    );
    writeFileSync(join(folder, 'diverging.yaml'), diverging);
    const { status, stdout, stderr } = await run(
      'search',
      'diverging.yaml',
      '--name',
      'diverging',
      '--trials',
      '2',
      '--workers',
      '1',
      '--json',
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ trials: { completed: 0, failed: 2 }, best: null, final: null });
    expect(stderr).toBe("error: None of the 2 trials was completed: 'nas show diverging' tells why.\n");
    expect((await run('show', 'diverging')).stdout).toContain('Training diverged');
  }, 60_000);

  it('trains nothing that is slower than allowed', async () => {
    const { status, stdout } = await run(
      'search',
      configFile,
      '--name',
      'slow',
      '--trials',
      '2',
      '--max-latency-ms',
      '0.0001',
      '--json',
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ best: null, trials: { infeasible: 2, failed: 0 } });
    expect((await run('show', 'slow')).stdout).toContain('and 0.0001 ms are allowed (--max-latency-ms)');
  }, 60_000);

  it('refuses broken data before a study begins', async () => {
    mkdirSync(join(folder, 'empty'));
    const { status, stderr } = await run('search', '--data', 'empty');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: .*empty/);
    writeFileSync(join(folder, 'text.db'), 'no database');
    const broken = await run('search', '--data', 'digits', '--store', 'text.db');
    expect([broken.status, broken.stderr]).toEqual([
      2,
      expect.stringMatching(/^error: text\.db is not a store of studies/),
    ]);
  });
});

describe('nas train', () => {
  it('trains a preset, exports it, and describes it', async () => {
    const { status, stdout } = await run(
      'train',
      'mobile-16',
      '--data',
      'digits',
      '--epochs',
      '1',
      '--threads',
      '1',
      '--json',
    );
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      target: 'mobile-16',
      epochs: 1,
      files: { onnx: join(folder, 'runs/mobile-16/model.onnx') },
    });
    expect(result.curve).toHaveLength(1);
    const evaluation = JSON.parse((await run('evaluate', result.files.onnx, '--data', 'digits', '--json')).stdout);
    expect(evaluation.accuracy).toBeCloseTo(result.testAccuracy, 6);
    expect(JSON.parse(readFileSync(result.files.card, 'utf8'))).toMatchObject({ search: null, notation: 'mobile-16' });
  }, 60_000);
});
