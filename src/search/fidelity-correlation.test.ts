/** @file Studies of budgets: what is asked, what the trials say, what is recommended, and what is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder } from '../../test/cli/nas.js';
import type { EvaluationRequest } from '../evaluation/evaluation.js';
import { trainingWithFidelity } from '../evaluation/fidelity.js';
import type { Executor } from '../execution/executor.js';
import { canonicalJson } from '../json.js';
import { Random } from '../random.js';
import { StudyStore } from '../store/store.js';
import { readSearchConfig } from './config-source.js';
import { budgetsOf, fullSettings, parseBudgets, settingsOfBudget, sharesOf } from './fidelity-budgets.js';
import { checkCorrelation, correlateFidelities, correlateStudy } from './fidelity-correlation.js';
import { checkSearchConfig } from './search-config.js';

const folder = newFolder();
const store = join(folder, 'studies.db');
const written = {
  data: 'digits',
  space: 'mobile',
  store,
  workers: 1,
  evaluation: { name: 'train', subset: 200 },
};

/** Scores that a network of the architecture would have, the truer the larger the fidelity; `spoilt` trainings fail. */
const noisy =
  (requests: EvaluationRequest[] = [], { spoilt = 0, stop }: { spoilt?: number; stop?: AbortController } = {}) =>
  (): Executor => ({
    async run(request, { signal }) {
      if (request.task !== 'evaluate') throw new RangeError('nothing is prepared');
      requests.push(request);
      if (requests.length === 12) stop?.abort();
      if (signal.aborted) return { state: 'stopped' };
      if (requests.length <= spoilt) return { state: 'failed', reason: 'it diverged' };
      const { candidate, fidelity, seed } = request;
      const truth = new Random(0).stream(canonicalJson(candidate.architecture)).uniform();
      const noise = fidelity > 0.4 ? 0.3 : 5;
      return {
        state: 'completed',
        result: { metrics: { validAccuracy: truth + noise * (1 - fidelity) * new Random(seed).uniform() } },
      };
    },
    close: async () => {},
  });

const epochs = parseBudgets('epochs=2,8,4');
const begin = async (name: string, count: number, options: Parameters<typeof correlateFidelities>[2], wanted = 0.9) =>
  correlateFidelities(
    await checkCorrelation({ ...written, name, out: join(folder, name) }, epochs, count),
    wanted,
    options,
  );

describe('a study of budgets', () => {
  it('trains each architecture with each budget, and recommends the cheapest that ranks as the largest', async () => {
    const requests: EvaluationRequest[] = [];
    const { correlation } = await begin('whole', 12, { executor: noisy(requests) });
    expect(requests.map(({ fidelity }) => fidelity).slice(0, 6)).toEqual([0.25, 0.5, 1, 0.25, 0.5, 1]);
    expect(new Set(requests.map(({ candidate }) => canonicalJson(candidate.architecture))).size).toBe(12);
    // No weights are gone on from, and seeds differ: each budget is judged as a search would know it.
    expect(requests.every(({ inputs }) => Object.keys(inputs).length === 0)).toBe(true);
    expect(new Set(requests.map(({ seed }) => seed)).size).toBe(36);
    expect(correlation).toMatchObject({ n: 12, failed: 0, recommended: 'epochs=4' });
    expect(correlation?.pairs.map(({ a, b }) => `${a} ${b}`)).toEqual([
      'epochs=2 epochs=4',
      'epochs=2 epochs=8',
      'epochs=4 epochs=8',
    ]);
    expect(correlation?.evaluation).toBe('train:epochs=4,subset=200');
    expect(Object.keys(correlation?.seconds ?? {})).toEqual(['epochs=2', 'epochs=4', 'epochs=8']);
    const config = await readSearchConfig(correlation?.config ?? '');
    const { configuration, training } = await checkSearchConfig(config);
    expect(configuration.evaluation.settings).toMatchObject({ epochs: 4, subset: 200, fidelity: ['epochs'] });
    expect(configuration.space.name).toBe('mobile');
    expect(configuration.strategy.name).toBe('regularized-evolution');
    expect(training).not.toBeNull();
    expect(readFileSync(correlation?.config ?? '', 'utf8')).toContain('the budget epochs=4');
  });

  it('goes on where it was interrupted, and ends as if it had not been', async () => {
    const stop = new AbortController();
    const cut = await begin('cut', 12, { executor: noisy([], { stop }), signal: stop.signal });
    expect(cut.correlation).toBeNull();
    const rest: EvaluationRequest[] = [];
    const { correlation } = await correlateStudy('cut', 0.9, { store, executor: noisy(rest) });
    expect(rest).toHaveLength(36 - 11);
    // More is wanted now than before, which only the largest budget keeps.
    const whole = await correlateStudy('whole', 1, { store });
    expect(correlation?.pairs).toEqual(whole.correlation?.pairs);
    expect([correlation?.recommended, whole.correlation?.recommended]).toEqual(['epochs=4', 'epochs=8']);
  });

  it('leaves out architectures of which a training failed, and says where too few are left', async () => {
    const { correlation } = await begin('gaps', 6, { executor: noisy([], { spoilt: 2 }) });
    expect(correlation).toMatchObject({ n: 5, failed: 1 });
    await expect(begin('few', 6, { executor: noisy([], { spoilt: 5 }) })).rejects.toThrow(
      "Only 4 of 6 architectures were trained with every budget, too few for a correlation, which needs 5: 'nas show few' tells why",
    );
  });

  it('is refused with too few architectures, another evaluation, or no such study', async () => {
    await expect(begin('small', 4, {})).rejects.toThrow('4 architectures are too few for a correlation');
    const { configuration } = await checkSearchConfig({ ...written, final: false });
    const studies = StudyStore.open(store);
    studies.create('plain', { ...configuration, final: null }).close();
    studies.close();
    expect(() => correlateStudy('plain', 0.9, { store })).toThrow('The study "plain" compares no budgets');
    expect(() => correlateStudy('none', 0.9, { store })).toThrow('no study');
  });
});

describe('budgets', () => {
  it.each([
    ['epochs=1,2,4', { epochs: 4 }, [0.25, 0.5, 1]],
    ['data=0.1,0.3,1', { subset: 1 }, [0.1, 0.3, 1]],
    ['resolution=8,16,32', { resolution: 32 }, [1 / 16, 1 / 4, 1]],
    ['channels=0.5,1', { widthMultiplier: 1 }, [1 / 4, 1]],
    ['depth=0.2,0.6,1', { depthMultiplier: 1 }, [0.2, 0.6, 1]],
  ])('%s are shares of the largest, and are found again from them', (text, full, shares) => {
    const budgets = parseBudgets(text);
    expect(fullSettings(budgets)).toEqual({ fidelity: [budgets.dimension], ...full });
    const found = sharesOf(budgets);
    for (const [place, share] of shares.entries()) expect(found[place]).toBeCloseTo(share, 12);
    expect(budgetsOf(trainingWithFidelity.parse(fullSettings(budgets)), found)).toEqual(budgets);
  });

  it('keep the epochs where there are fewer images', () => {
    const full = trainingWithFidelity.parse({ imageViews: 4000, subset: 1 });
    expect(settingsOfBudget(full, { dimension: 'data', value: 0.1 }, 1000)).toMatchObject({ subset: 0.1, epochs: 4 });
    expect(settingsOfBudget(full, { dimension: 'resolution', value: 6 }, 1000)).toMatchObject({
      resolution: 6,
      epochs: null,
    });
  });

  it.each(['epochs', 'epochs=3', 'epochs=1,1', 'epochs=1.5,2', 'epochs=0,2', 'data=a,b', 'pixels=1,2', 'data=0.1,,1'])(
    '%s are refused with what is allowed',
    (text) => {
      expect(() => parseBudgets(text)).toThrow(
        `The option --fidelity is "${text}", but it must be two or more budgets of epochs, data, resolution, channels, depth`,
      );
    },
  );
});
