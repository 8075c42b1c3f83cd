/** @file Surrogates on a tabulated benchmark: how well do they predict a column from so many architectures? */
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import { Random } from '../random.js';
import { FeasibleSpace } from '../strategy/feasible/feasible-space.js';
import { type Example, type PredictionQuality, Predictor } from '../strategy/surrogate/predictor.js';
import { createSurrogate, type SurrogateName } from '../strategy/surrogate/registry.js';
import { tableNamed } from './shipped-tables.js';
import type { ColumnPart } from './table-columns.js';
import { Tabulation, type TabulationColumns } from './tabulation.js';

/** Folds of the cross-validation in each run. */
const FOLDS = 5;

export interface SurrogateBenchmarkOptions
  extends Pick<TabulationColumns, 'archColumn' | 'target' | 'space' | 'isomorphs'> {
  readonly surrogates: readonly SurrogateName[];
  /** Architectures that are learnt from, a number for each row of the result. Default 50, 100, 200 and 400. */
  readonly train?: readonly number[];
  /** Others that are predicted, drawn anew in each run. Default 2,000. */
  readonly test?: number;
  /** Draws of architectures, which all surrogates share. Default 10. */
  readonly runs?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly onResult?: (result: SurrogateResult) => void;
}

/** Means over runs. */
export interface SurrogateResult extends PredictionQuality {
  readonly surrogate: SurrogateName;
  readonly train: number;
  /** Standard deviation of Spearman's ρ over runs. */
  readonly std: number;
  /** What cross-validation among the architectures that were learnt from says of them. */
  readonly crossValidatedSpearman: number;
  /** By what deviations were multiplied, which cross-validation tells. */
  readonly factor: number;
}

export interface SurrogateBenchmark {
  readonly table: string;
  readonly architectures: number;
  readonly space: string;
  readonly target: ColumnPart;
  readonly test: number;
  readonly runs: number;
  readonly seed: number;
  readonly results: readonly SurrogateResult[];
}

/**
 * Fits every surrogate to draws from the table, and compares what it predicts of others with what is there. Isomorphic copies of
 * what was learnt from are not predicted.
 *
 * @param source a table that is shipped, by its name, or the path of a CSV file, as `Tabulation.read` takes it
 * @throws {UsageError} where the table cannot be used, or is too small
 */
export async function benchmarkSurrogates(
  source: string,
  options: SurrogateBenchmarkOptions,
): Promise<SurrogateBenchmark> {
  const { surrogates, train = [50, 100, 200, 400], test = 2000, runs = 10, seed = 0, onResult, ...columns } = options;
  const table = await Tabulation.read(tableNamed(source), { ...columns, signal: columns.target });
  const examples = examplesOf(table);
  const least = train.find((count) => count < 2 * FOLDS);
  if (least !== undefined)
    throw new UsageError(`Surrogates cannot be judged on ${least} architectures: --train takes ${2 * FOLDS} or more.`);
  const most = Math.max(...train);
  if (examples.length < most + 2 * FOLDS)
    throw new UsageError(
      `${source} tells the ${table.target.column} of ${examples.length} different architectures: too few to learn from ${most} and predict others, so give --train a smaller number.`,
    );
  if (new Set(examples.map(({ value }) => value)).size < 2)
    throw new UsageError(
      `All architectures of ${source} have the same ${table.target.column}, of which nothing can be learnt: name another column with --target.`,
    );
  const results: SurrogateResult[] = [];
  for (const count of train) {
    for (const surrogate of surrogates) {
      const judged: Judged[] = [];
      for (let run = 0; run < runs; run++) {
        judged.push(
          await judge(surrogate, table, examples, { count, test, random: new Random(seed).stream('run', run) }),
        );
      }
      const result = { surrogate, train: count, ...meansOf(judged) };
      onResult?.(result);
      results.push(result);
    }
  }
  return {
    table: source,
    architectures: examples.length,
    space: table.space.name,
    target: table.columns.target,
    test: Math.min(test, examples.length - most),
    runs,
    seed,
    results,
  };
}

type Judged = PredictionQuality & Pick<SurrogateResult, 'crossValidatedSpearman' | 'factor'>;

/** Of each class of isomorphic architectures the first that has a target. */
function examplesOf(table: Tabulation): Example[] {
  const classes = new Map<string, Example>();
  for (const [row, architecture] of table.architectures.entries()) {
    const value = table.target.values[row] ?? Number.NaN;
    const key = table.searched.canonical(architecture);
    if (!Number.isNaN(value) && !classes.has(key)) classes.set(key, { architecture, value });
  }
  return [...classes.values()];
}

async function judge(
  surrogate: SurrogateName,
  table: Tabulation,
  examples: readonly Example[],
  { count, test, random }: { readonly count: number; readonly test: number; readonly random: Random },
): Promise<Judged> {
  const space = new FeasibleSpace(table.searched);
  const order = random.shuffle(examples);
  const predictor = await Predictor.fit(order.slice(0, count), {
    create: (draws) => createSurrogate(surrogate, { space, engine: nodeEngine, random: draws, refitEvery: 1 }),
    random: random.stream(surrogate),
    folds: FOLDS,
  });
  const quality = await predictor.qualityOn(order.slice(count, count + test));
  const { spearman: crossValidatedSpearman, factor } = predictor.crossValidation;
  await predictor.close();
  return { ...quality, crossValidatedSpearman, factor };
}

function meansOf(judged: readonly Judged[]): Judged & Pick<SurrogateResult, 'std'> {
  const mean = (of: (one: Judged) => number) => judged.reduce((sum, one) => sum + of(one), 0) / judged.length;
  const spearman = mean((one) => one.spearman);
  const squares = judged.reduce((sum, one) => sum + (one.spearman - spearman) ** 2, 0);
  return {
    spearman,
    std: judged.length > 1 ? Math.sqrt(squares / (judged.length - 1)) : 0,
    kendall: mean((one) => one.kendall),
    within50: mean((one) => one.within50),
    within90: mean((one) => one.within90),
    crossValidatedSpearman: mean((one) => one.crossValidatedSpearman),
    factor: mean((one) => one.factor),
  };
}
