import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StudyConfiguration } from '../record/configuration.js';
import type { StudyLog } from '../store/log.js';
import { StudyStore } from '../store/store.js';
import { Ledger } from './ledger.js';

const configuration: StudyConfiguration = {
  space: { name: 'mobile', settings: {} },
  strategy: { name: 'random', settings: {} },
  evaluation: { name: 'train', settings: {} },
  data: { reference: 'digits', seed: 0 },
  constraints: {},
  seed: 1,
  trials: 4,
  budgetSeconds: null,
  workers: 1,
  threads: 1,
  limits: { seconds: null, bytes: null },
  final: null,
};

let folder: string;
let store: StudyStore;
let log: StudyLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasturtium-ledger-'));
  store = StudyStore.open(join(folder, 'studies.db'));
  log = store.create('curves', configuration);
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

const point = (trial: number, epoch: number, validAccuracy: number) =>
  ({
    kind: 'point',
    trial,
    point: { epoch, values: { validAccuracy }, seconds: 1 },
  }) as const;

function ledgerWithCurves(): Ledger {
  const ledger = new Ledger(log, () => 0);
  for (const trial of [0, 1]) {
    ledger.append({ kind: 'asked', trial, seed: 0, architecture: trial, cost: {} });
    ledger.append({ kind: 'started', trial });
    ledger.append(point(trial, 1, 0.1 + trial));
  }
  return ledger;
}

describe('a ledger', () => {
  it('makes at each point the curve of that trial alone', () => {
    const ledger = ledgerWithCurves();
    const before = ledger.curves();
    ledger.append(point(1, 2, 0.5));
    const after = ledger.curves();
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toEqual({
      trial: 1,
      fidelity: 1,
      isComplete: false,
      points: [
        { epoch: 1, value: 1.1, values: { validAccuracy: 1.1 } },
        { epoch: 2, value: 0.5, values: { validAccuracy: 0.5 } },
      ],
      score: null,
      facts: {},
    });
    expect(ledger.curve(1)).toBe(after[1]);
  });

  it('knows by its log what a new one would read', () => {
    const ledger = ledgerWithCurves();
    ledger.append({ kind: 'completed', trial: 1, score: 1, metrics: {}, seconds: 1 });
    expect(ledger.curve(1).isComplete).toBe(true);
    ledger.append({ kind: 'search-ended', because: 'trials' });
    log.close();
    log = store.resume('curves');
    const again = new Ledger(log, () => 0);
    expect(again.state.searchEnd).toBe('trials');
    expect(again.curves()).toEqual(ledger.curves());
    expect(again.trials().map(({ state }) => state)).toEqual(['interrupted', 'completed']);
  });

  it('does not write what cannot follow', () => {
    const ledger = ledgerWithCurves();
    const events = log.events();
    expect(() => ledger.append({ kind: 'started', trial: 7 })).toThrow(RangeError);
    expect(log.events()).toEqual(events);
  });
});
