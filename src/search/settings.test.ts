/** @file The law of settings: every row, given as a key of a config, as an option or by --set, changes what a search does. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { addSearchOptions, givenAssignments, givenOptions } from '../cli/search-options.js';
import { datasetRegistry } from '../data/registry.js';
import type { EvaluationRequest } from '../evaluation/evaluation.js';
import type { Executor } from '../execution/executor.js';
import type { ProcessPoolOptions } from '../execution/process-pool.js';
import { canonicalJson, type Json } from '../json.js';
import { Network } from '../nn/network.js';
import { type Quantity, quantities } from '../quantity/quantity.js';
import { mergeConfig } from './config-source.js';
import { runSearch } from './search.js';
import { checkSearchConfig } from './search-config.js';
import type { SearchResult } from './search-result.js';
import { type SettingName, settingRows } from './settings.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  const digits = datasetRegistry.named('digits');
  datasetRegistry.register({ ...digits, name: 'other-digits' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Config = { readonly [S in SettingName]?: unknown };

/** What a search without the setting in question does. */
const base = (): Config => ({
  data: 'digits',
  strategy: 'random',
  trials: 6,
  workers: 1,
  final: false,
  store: join(folder, 'studies.db'),
  out: mkdtempSync(join(folder, 'out-')),
});

/** What can be seen of a search. */
interface Seen {
  readonly result: SearchResult;
  readonly requests: readonly EvaluationRequest[];
  readonly pool: ProcessPoolOptions;
  /** Most trials at once. */
  readonly atOnce: number;
}

/** A number in [0, 1) that looks random, equal for equal architectures. */
function scoreOf(architecture: Json): number {
  let hash = 0;
  for (const letter of canonicalJson(architecture)) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return (hash % 9973) / 9973;
}

/** A real search in this process, whose trials take 20 ms each. */
async function seenOf(config: Config): Promise<Seen> {
  const requests: EvaluationRequest[] = [];
  let pool: ProcessPoolOptions | undefined;
  let running = 0;
  let atOnce = 0;
  const executor = (options: ProcessPoolOptions): Executor => {
    pool = options;
    return {
      async run(request, { onPoint, signal }) {
        if (request.task !== 'evaluate') throw new RangeError('nothing is prepared here');
        requests.push(request);
        atOnce = Math.max(atOnce, ++running);
        const validAccuracy = scoreOf(request.candidate.architecture);
        for (const epoch of [1, 2, 3]) onPoint({ epoch, seconds: epoch, values: { validAccuracy } });
        await new Promise((resolve) => setTimeout(resolve, 20));
        running--;
        return signal.aborted ? { state: 'stopped' } : { state: 'completed', result: { metrics: { validAccuracy } } };
      },
      close: async () => {},
    };
  };
  const result = await runSearch(await checkSearchConfig(config), { executor });
  if (pool === undefined) throw new RangeError('a search has an executor');
  return { result, requests, pool, atOnce };
}

const architecturesOf = ({ requests }: Seen) => requests.map(({ candidate }) => candidate.architecture);
const costsOf = ({ requests }: Seen, { name }: Quantity): number[] =>
  requests.flatMap(({ candidate }) =>
    Object.entries(Network.fromJson(candidate.network).cost()).flatMap(([key, amount]) =>
      key === name ? [amount] : [],
    ),
  );
const countOf = ({ result: { trials } }: Seen): number => Object.values(trials).reduce((sum, count) => sum + count, 0);

/** How it shows that a setting acts. */
interface Proof {
  /** Another value than that of `base`, as a config has it. */
  readonly value: (without: Seen) => Json;
  /** Other settings of the search in which it shows. */
  readonly among?: Config;
  /** Must hold with the value, and not without it. */
  readonly shows: (seen: Seen, value: Json, without: Seen) => boolean;
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** A limit on what is counted keeps all candidates below it; one on what is measured refuses those beyond it. */
const limitProof = (quantity: Quantity): Proof =>
  quantity.source === 'counted'
    ? {
        value: (without) => middle(costsOf(without, quantity)),
        shows: (seen, most) => costsOf(seen, quantity).every((amount) => amount <= Number(most)),
      }
    : {
        value: () => 1e-6,
        among: { trials: 1 },
        shows: ({ result, requests }) => result.trials.infeasible === 1 && requests.length === 0,
      };

const limitProofs = Object.fromEntries(quantities.map((quantity) => [quantity.setting, limitProof(quantity)])) as {
  readonly [Q in Quantity as Q['setting']]: Proof;
};

/** One for each row: a setting without a proof that it acts does not compile, and fails. */
const proofs: { readonly [S in SettingName]: Proof } = {
  data: {
    value: () => 'other-digits',
    shows: ({ requests }) => requests.every(({ data }) => data.reference === 'other-digits'),
  },
  space: {
    value: () => 'nas-bench-201',
    shows: ({ result, requests }) =>
      requests.every(({ candidate }) => candidate.space.name === 'nas-bench-201') &&
      /^\|/.test(result.best?.notation ?? ''),
  },
  strategy: {
    value: () => 'grid',
    shows: (seen, _, without) => canonicalJson(architecturesOf(seen)) !== canonicalJson(architecturesOf(without)),
  },
  evaluation: {
    value: () => 'train:epochs=3,widthMultiplier=0.5',
    shows: ({ requests }, _, without) => {
      const [smaller, whole] = [requests[0], without.requests[0]].map((one) =>
        one === undefined ? 0 : Network.fromJson(one.candidate.network).cost().params,
      );
      return requests[0]?.evaluation.settings.epochs === 3 && Number(smaller) < Number(whole);
    },
  },
  stopping: {
    value: () => 'median:startupTrials=1,warmupEpochs=0',
    shows: ({ result: { trials } }) => trials.pruned > 0 && trials.completed + trials.pruned === 6,
  },
  pick: {
    value: (without) => `params<=${Math.min(...costsOf(without, quantities[0]))}`,
    shows: ({ result }, value, without) =>
      result.best?.cost.params === Number(String(value).slice('params<='.length)) &&
      result.best.trial !== without.result.best?.trial,
  },
  ...limitProofs,
  trials: { value: () => 3, shows: (seen) => countOf(seen) === 3 },
  budget: {
    value: () => '0.05s',
    among: { trials: 30 },
    shows: (seen) => seen.result.searchEnd === 'budget' && countOf(seen) < 30,
  },
  workers: { value: () => 3, shows: ({ atOnce }) => atOnce === 3 },
  threads: {
    value: () => 2,
    shows: ({ requests, pool }) => pool.threads === 2 && requests.every(({ threads }) => threads === 2),
  },
  // What a pool does with its limits is shown in process-pool.test.ts.
  trialTime: { value: () => '7s', shows: ({ pool }) => pool.limits.seconds === 7 },
  trialMemory: { value: () => '256MB', shows: ({ pool }) => pool.limits.bytes === 2 ** 28 },
  seed: {
    value: () => 5,
    shows: (seen, _, without) =>
      canonicalJson(architecturesOf(seen)) !== canonicalJson(architecturesOf(without)) &&
      seen.requests[0]?.seed !== without.requests[0]?.seed &&
      seen.requests.every(({ data }) => data.seed === 5),
  },
  name: { value: () => 'mine', shows: ({ result }) => result.study === 'mine' },
  store: {
    value: () => join(folder, 'other.db'),
    shows: ({ result }) => result.store === join(folder, 'other.db') && existsSync(result.store),
  },
  out: {
    value: () => join(folder, 'elsewhere'),
    shows: ({ result }) => result.out === join(folder, 'elsewhere') && existsSync(join(result.out, 'search.yaml')),
  },
  final: {
    value: () => ({ epochs: 1, subset: 64, validSubset: 64, widthMultiplier: 0.25 }),
    among: { trials: 1 },
    shows: ({ result }) => result.final?.epochs === 1 && result.files.onnx !== null,
  },
};

describe('every setting of a search', () => {
  it('has a proof that it acts', () => {
    expect(Object.keys(proofs).sort()).toEqual(settingRows.map(([name]) => name).sort());
  });

  it.each(settingRows.map(([name]) => name))('%s changes what the search does', async (name) => {
    const { value, among, shows } = proofs[name];
    const without = among === undefined ? await someSearch() : await seenOf({ ...base(), ...among });
    const given = value(without);
    expect(shows(without, given, without)).toBe(false);
    const seen = await seenOf({ ...base(), ...among, [name]: given });
    expect(shows(seen, given, without)).toBe(true);
  });

  it.each(settingRows)('%s is the same in a config, as an option and by --set', async (name, { option }) => {
    const others: Config = { data: 'digits' };
    const { value } = proofs[name];
    const given = option.startsWith('--no-') ? false : value(await someSearch());
    const flag = option.replace(/ .*$/, '');
    const argv = option.startsWith('--no-') ? [flag] : [flag, String(given)];
    const text = typeof given === 'string' ? given : stringify(given).trim();
    const ways = [
      mergeConfig({ file: { ...others, [name]: given } }),
      mergeConfig({ file: others, ...parsed(argv) }),
      mergeConfig({ file: others, ...parsed(['--set', `${name}=${text}`]) }),
    ];
    const [inConfig, asOption, bySet] = await Promise.all(ways.map((config) => checkSearchConfig(config)));
    expect(asOption).toEqual(inConfig);
    expect(bySet).toEqual(inConfig);
    expect(inConfig).not.toEqual(await checkSearchConfig(others));
  });

  it('that a search does not have is refused by --set, too', async () => {
    const wrong = mergeConfig({ file: { data: 'digits' }, ...parsed(['--set', 'evaluation.epoch=3']) });
    await expect(checkSearchConfig(wrong)).rejects.toThrow(
      'There is no setting "evaluation.epoch" (did you mean epochs?)',
    );
  });
});

/** What the parser of `nas search` makes of arguments. */
function parsed(argv: readonly string[]) {
  const command = addSearchOptions(new Command());
  command.parse(argv, { from: 'user' });
  return { options: givenOptions(command), assignments: givenAssignments(command) };
}

let some: Promise<Seen> | undefined;
/** For values that follow from what a search finds. */
function someSearch(): Promise<Seen> {
  some ??= seenOf(base());
  return some;
}
