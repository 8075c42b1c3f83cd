/** @file How far scores without training rank the architectures of a table as one of its columns does. */
import { type Agreement, agreementOf, FEWEST_ITEMS } from '../correlation/agreement.js';
import { loadDataset } from '../data/load.js';
import { UsageError } from '../error.js';
import { type ScoreOptions, scoreAll } from '../model/score.js';
import { proxiesNamed } from '../proxy/registry.js';
import { Random } from '../random.js';
import { tableNamed } from './shipped-tables.js';
import { Tabulation } from './tabulation.js';

/** Scores that need no image and no weight: whatever costs more should rank better. */
const BASELINES = ['params', 'macs'];

/** What is compared. */
export interface ProxyCorrelationOptions extends Omit<ScoreOptions, 'space'> {
  /** A table that is shipped, by its name, or the path of a CSV file. */
  readonly table: string;
  /** A name or a module. Default: the space that can read the table's architectures. */
  readonly space?: string | undefined;
  /** The column that is to be ranked, higher being better. Default: as `nas bench tabular` chooses it. */
  readonly target?: string | undefined;
  /** How many architectures of the table, drawn at random. Default: all. */
  readonly count?: number | undefined;
}

/** How far one score agrees with the column. */
export interface ProxyAgreement extends Agreement {
  /** Of how many architectures it is undefined: they rank below all. */
  readonly undefined: number;
  /** Whether its ρ is above that of both baselines; `null` for a baseline. */
  readonly beatsBaselines: boolean | null;
}

/** How far scores agree with a column of a table. */
export interface ProxyCorrelation {
  readonly table: string;
  readonly space: string;
  readonly target: string;
  /** How many architectures were scored. */
  readonly n: number;
  readonly pairs: readonly ProxyAgreement[];
}

/**
 * Scores architectures of a table and compares their ranks with those of a column. The number of parameters and of
 * multiply-accumulates stand beside the scores always.
 *
 * @throws {UsageError} where the table, the column, a score or the data cannot be used, or there are too few architectures
 */
export async function correlateProxies({ table, ...options }: ProxyCorrelationOptions): Promise<ProxyCorrelation> {
  const proxies = proxiesNamed([...BASELINES, ...options.proxies]);
  const { space, target, seed = 0, count = Number.POSITIVE_INFINITY } = options;
  const tabulation = await Tabulation.read(tableNamed(table), { space, target });
  const { column, values } = tabulation.target;
  const known = tabulation.architectures.flatMap((architecture, row) => {
    const value = values[row] ?? Number.NaN;
    return Number.isNaN(value) ? [] : [{ architecture, value }];
  });
  const random = new Random(seed);
  const sample = count < known.length ? random.stream('architectures').shuffle(known).slice(0, count) : known;
  if (sample.length < FEWEST_ITEMS) {
    throw new UsageError(
      `${sample.length} architectures are too few for a correlation: compare at least ${FEWEST_ITEMS} of the ${known.length} that have a ${column} in ${table}.`,
    );
  }
  const dataset = await loadDataset(options.data, { ...options, seed });
  const architectures = sample.map(({ architecture }) => architecture);
  const scored = await scoreAll({ space: tabulation.space, architectures, dataset, proxies }, options);
  const wanted = { name: column, values: sample.map(({ value }) => value) };
  const agreements = proxies.map(({ name }) => {
    const scores = scored.map(({ scores: { [name]: score } }) => score ?? Number.NaN);
    return {
      ...agreementOf({ name, values: scores }, wanted, random),
      undefined: scores.filter(Number.isNaN).length,
    };
  });
  const best = Math.max(...agreements.filter(({ a }) => BASELINES.includes(a)).map(({ spearman }) => spearman));
  const pairs = agreements.map((pair) => ({
    ...pair,
    beatsBaselines: BASELINES.includes(pair.a) ? null : pair.spearman > best,
  }));
  return { table, space: tabulation.space.name, target: column, n: sample.length, pairs };
}
