/** @file `nas bench surrogates`: how well models of scores predict a column of a table. */
import { type Command, Option } from 'commander';
import type { SurrogateBenchmark, SurrogateResult } from '../../benchmark/surrogates.js';
import { UsageError } from '../../error.js';
import { integer, seed } from '../../quantity/number-text.js';
import { type SurrogateName, surrogateNames } from '../../strategy/surrogate/registry.js';
import { didYouMean } from '../../suggestion.js';
import { type CommandContext, createCommand } from '../frame.js';
import { numberOf, numberOption, textOption } from '../option.js';
import { table, whole } from '../table.js';
import type { Colors } from '../terminal.js';

interface SurrogateFlags {
  readonly surrogate?: readonly SurrogateName[];
  readonly train: readonly number[];
  readonly test: number;
  readonly runs: number;
  readonly seed: number;
  readonly archColumn?: string;
  readonly target?: string;
  readonly space?: string;
  readonly isomorphs?: boolean;
}

const TRAIN = [50, 100, 200, 400];

export function surrogatesCommand({ terminal }: CommandContext): Command {
  const sizeOf = numberOf('--train', integer(10, 100_000));
  return createCommand('surrogates', {
    summary: 'how well surrogates predict a column of a table',
    description:
      'Fits surrogates, the models of scores behind bayesian and progressive, to random architectures of a table as `nas bench tabular` reads it, and compares what they predict of others with the table: ' +
      "Spearman's and Kendall's correlation, and the share of truths inside their intervals of 50 % and 90 %. The column may be any number of an architecture.",
    example: 'nas bench surrogates nas-bench-201-cifar10 --surrogate forest --train 50,100 --runs 5',
  })
    .argument('<table>', 'the CSV file, or nas-bench-201-cifar10, which comes with nasturtium')
    .addOption(
      new Option('--surrogate <name>', `one of ${surrogateNames.join(', ')}; may be repeated`)
        .default(undefined, 'all')
        .argParser(surrogateOf),
    )
    .addOption(
      new Option('--train <n,…>', 'how many architectures are learnt from')
        .default(TRAIN, TRAIN.join(','))
        .argParser((text: string) => text.split(',').map(sizeOf)),
    )
    .addOption(numberOption('--test <n>', 'others that are predicted', integer(10, 100_000), 2000))
    .addOption(numberOption('--runs <n>', 'draws of architectures', integer(1, 10_000), 10))
    .addOption(numberOption('--seed <n>', 'seed of the first run', seed, 0))
    .addOption(
      textOption('--arch-column <column>', 'the architectures', 'arch, else architecture, arch_str or genotype'),
    )
    .addOption(
      textOption(
        '--target <column>',
        'what is predicted',
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
    .addOption(new Option('--isomorphs', 'isomorphic architectures count as different ones'))
    .action(async (path: string, { surrogate = surrogateNames, ...flags }: SurrogateFlags) => {
      const { benchmarkSurrogates } = await import('../../benchmark/surrogates.js');
      const result = await benchmarkSurrogates(path, {
        ...flags,
        surrogates: surrogate,
        onResult: (done) => terminal.status((colors) => progressText(done, colors)),
      });
      terminal.result(result, (colors) => text(result, colors));
    });
}

function surrogateOf(text: string, others: readonly SurrogateName[] = []): readonly SurrogateName[] {
  const name = surrogateNames.find((each) => each === text);
  if (name !== undefined) return [...others, name];
  throw new UsageError(
    `The option --surrogate is "${text}"${didYouMean(text, surrogateNames)}, but it must be one of ${surrogateNames.join(', ')}.`,
  );
}

function progressText({ surrogate, train }: SurrogateResult, colors: Colors): string {
  return `${colors.dim('fitted')} ${surrogate} to ${whole(train)}`;
}

function text({ results, ...benchmark }: SurrogateBenchmark, colors: Colors): string {
  const share = (value: number) => `${(100 * value).toFixed(0)} %`;
  const rows = results.map((result) => [
    result.surrogate,
    whole(result.train),
    `${result.spearman.toFixed(3)} ± ${result.std.toFixed(3)}`,
    result.kendall.toFixed(3),
    result.crossValidatedSpearman.toFixed(3),
    share(result.within50),
    share(result.within90),
    result.factor.toFixed(2),
  ]);
  const headers = ['surrogate', ' train', ' Spearman', ' Kendall', ' by CV', ' in 50 %', ' in 90 %', ' factor'];
  const { architectures, space, target, test, runs, seed: first } = benchmark;
  const facts = [
    `${whole(architectures)} different architectures of ${space}; of those not learnt from, up to ${whole(test)} are predicted.`,
    `Target: ${target.column}, ${target.reason} (--target names another).`,
    `Mean (± standard deviation) over ${whole(runs)} draws; seed ${first}.`,
    'By CV: the Spearman that five-fold cross-validation among the learnt ones tells. Factor: by what it multiplies deviations.',
  ];
  return [table(headers, rows), '', ...facts.map((fact) => colors.dim(fact))].join('\n');
}
