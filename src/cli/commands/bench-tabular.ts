/** @file `nas bench tabular`: strategies replayed on a table of scores. */
import { accessSync, constants, existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Command, Option } from 'commander';
import type { TabularBenchmark, TabularProgress, TabularResult, TabularStrategy } from '../../benchmark/tabular.js';
import { messageOf, UsageError, WorkError } from '../../error.js';
import { integer, seed } from '../../quantity/number-text.js';
import { parseReference, referenceExample } from '../../reference/reference-text.js';
import { writeNewWhole } from '../../whole-file.js';
import { type CommandContext, createCommand } from '../frame.js';
import { numberOption, textOption } from '../option.js';
import { table, whole } from '../table.js';
import type { Colors } from '../terminal.js';

interface TabularFlags {
  readonly strategy: readonly TabularStrategy[];
  readonly evaluations: number;
  readonly runs: number;
  readonly seed: number;
  readonly archColumn?: string;
  readonly signal?: string;
  readonly target?: string;
  readonly space?: string;
  readonly time?: string;
  readonly isomorphs?: boolean;
  readonly cost?: readonly string[];
  readonly workers: number;
  readonly processes?: number;
  readonly plot?: string;
}

export function tabularCommand({ terminal }: CommandContext): Command {
  return createCommand('tabular', {
    summary: 'replay strategies on a table of scores',
    description:
      "Replays strategies on a table that holds what every architecture of a space scored: a CSV file, gzip'd or not, with a header, a column of architectures in a notation of the space and columns of numbers. " +
      'A strategy is told the signal; reported is the target of the architecture with the best signal so far, higher being better. ' +
      `Settings follow the name of a strategy: ${referenceExample}.`,
    example: 'nas bench tabular nas-bench-201-cifar10 --strategy random --strategy regularized-evolution --runs 100',
  })
    .argument('<table>', 'the CSV file, or nas-bench-201-cifar10, which comes with nasturtium')
    .addOption(
      new Option('--strategy <strategy>', 'a strategy or a module file of one, perhaps with settings; may be repeated')
        .argParser((text: string, others: readonly TabularStrategy[] = []) => [...others, strategyOf(text)])
        .makeOptionMandatory(),
    )
    .addOption(numberOption('--evaluations <n>', 'full evaluations of each run', integer(1, 1_000_000), 300))
    .addOption(numberOption('--runs <n>', 'runs of each strategy', integer(1, 100_000), 300))
    .addOption(numberOption('--seed <n>', 'seed of the first run', seed, 0))
    .addOption(
      textOption('--arch-column <column>', 'the architectures', 'arch, else architecture, arch_str or genotype'),
    )
    .addOption(
      textOption(
        '--signal <column>',
        'what strategies are told; with a * for a number, each such column is a fidelity',
        'the validation column, of several that differ in a number the one of the smallest; else the target',
      ),
    )
    .addOption(
      textOption(
        '--target <column>',
        'what is reported of the best by signal',
        'the test column, of several that differ in a number the one of the largest; else the validation column',
      ),
    )
    .addOption(
      textOption(
        '--space <space>',
        'space of the architectures: a name of `nas spaces`, or a module file that exports one of your own',
        'the one that can read them',
      ),
    )
    .addOption(
      textOption('--time <column>', 'seconds of a full evaluation, for the simulated clock', 'all take as long'),
    )
    .addOption(new Option('--isomorphs', 'strategies take isomorphic architectures for different ones'))
    .addOption(
      new Option(
        '--cost <column>',
        'what strategies know beforehand, as COLUMN or NAME=COLUMN; may be repeated',
      ).argParser((text: string, others: readonly string[] = []) => [...others, text]),
    )
    .addOption(
      numberOption('--workers <n>', 'evaluations that run at a time on the simulated clock', integer(1, 10_000), 1),
    )
    .addOption(numberOption('--processes <n>', 'child processes', integer(1, 1024), 'one for each processor'))
    .addOption(textOption('--plot <file>', 'writes a plot of mean regret, .html or .svg', 'none'))
    .action(async (path: string, { strategy: strategies, cost, plot, ...flags }: TabularFlags) => {
      checkPlot(plot);
      const { benchmarkTabular } = await import('../../benchmark/tabular.js');
      const result = await benchmarkTabular(path, {
        ...flags,
        strategies,
        costs: cost,
        onProgress: (progress) => terminal.status((colors) => progressText(progress, colors)),
      });
      terminal.result(result, (colors) => text(result, colors));
      if (plot !== undefined) await writePlot(plot, result);
    });
}

function strategyOf(label: string): TabularStrategy {
  const parsed = parseReference(label);
  if (typeof parsed !== 'string') return { label, ...parsed };
  throw new UsageError(`The option --strategy is "${label}", but it must be ${parsed}.`);
}

function progressText({ strategy, done, runs }: TabularProgress, colors: Colors): string {
  return `${colors.dim('replayed')} ${whole(done)} of ${whole(runs)} runs  ${colors.dim(strategy)}`;
}

function text({ results, ...benchmark }: TabularBenchmark, colors: Colors): string {
  const [first] = results;
  const points = first?.evaluations ?? [];
  const rows = results.map(({ strategy, mean, std, pValue, msPerTrial, seconds }) => [
    strategy,
    ...points.map((_, index) => momentsText(mean[index], std[index])),
    ...(seconds === null ? [] : [whole(Math.round(seconds.at(-1) ?? 0))]),
    pValue === null ? '' : significance(pValue.at(-1) ?? 1),
    msPerTrial.toFixed(3),
  ]);
  const headers = [
    'strategy',
    ...points.map((at) => ` ${at}`),
    ...(first?.seconds == null ? [] : [' simulated s']),
    ' p',
    ' ms/trial',
  ];
  const { architectures, space, columns, signal, target, optimum, runs, seed: first_, workers } = benchmark;
  const facts = [
    `${whole(architectures)} architectures of ${space}; the best has ${optimum}.`,
    `Architectures: ${columns.architectures.column}, ${columns.architectures.reason} (--arch-column names another).`,
    `Signal: ${signal.join(', ')}, ${columns.signal.reason} (--signal names another).`,
    `Target: ${target}, ${columns.target.reason} (--target names another).`,
    `Mean ± standard deviation over ${whole(runs)} runs after so many evaluations, ${workers} at a time; seed ${first_}.`,
    'p: two-sided test of Mann and Whitney against random search, at the end.',
    ...results.flatMap((result) => withoutBestText(result, runs)),
  ];
  return [table(headers, rows), '', ...facts.map((fact) => colors.dim(fact))].join('\n');
}

/** Such as `p = 0.03`; no more digits than the normal approximation has. */
const significance = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));

/** A mean over runs of which some have no value would tell of the others alone. */
const momentsText = (mean = Number.NaN, std = Number.NaN): string =>
  Number.isNaN(mean) ? 'none' : `${fixed(mean)} ± ${fixed(std)}`;

function withoutBestText({ strategy, evaluations, runsWithoutBest }: TabularResult, runs: number): string[] {
  const where = runsWithoutBest.flatMap((count, index) =>
    count === 0 ? [] : [`${whole(count)} after ${evaluations[index]}`],
  );
  if (where.length === 0) return [];
  return [
    `none: of ${whole(runs)} runs of ${strategy}, so many had no evaluation that succeeded: ${where.join(', ')}. They count as worse than the others.`,
  ];
}

/** Percents and errors alike: five digits. */
const fixed = (value: number): string => value.toPrecision(Math.abs(value) < 10 ? 3 : 5);

/** Before the replays, which may take hours. */
function checkPlot(file: string | undefined): void {
  if (file === undefined) return;
  if (!/\.(html|svg)$/i.test(file))
    throw new UsageError(`The option --plot is "${file}", but it must be a file that ends in .html or .svg.`);
  if (existsSync(file))
    throw new UsageError(`There is something at ${file} already: name another file with --plot, or remove it.`);
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(
      `The plot cannot be written to ${file} (${messageOf(error)}): choose another file with --plot.`,
    );
  }
}

async function writePlot(file: string, { results, ...benchmark }: TabularBenchmark): Promise<void> {
  const { regretSvg, renderRegretPage } = await import('../../report/regret-plot.js');
  const input = { ...benchmark, courses: results.map(({ strategy, course }) => ({ strategy, ...course })) };
  const title = `Search strategies on ${basename(benchmark.table)}`;
  try {
    writeNewWhole(file, /\.svg$/i.test(file) ? regretSvg(input) : renderRegretPage(input, title));
  } catch (error) {
    throw new WorkError(
      `The plot cannot be written to ${file} (${messageOf(error)}): make room or make its folder writable.`,
    );
  }
}
