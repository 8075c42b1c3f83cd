/** @file `nas bench stopping`: what a stopping rule saves, and when it is wrong, on learning curves that are known to their end. */
import { type Command, Option } from 'commander';
import type { StoppingBenchmark } from '../../benchmark/stopped-search.js';
import { UsageError } from '../../error.js';
import { integer, seed } from '../../quantity/number-text.js';
import { parseReference, referenceExample, type WrittenSettings } from '../../reference/reference-text.js';
import { type CommandContext, createCommand } from '../frame.js';
import { numberOption, textOption } from '../option.js';
import { fields, table, whole } from '../table.js';
import type { Colors } from '../terminal.js';

interface StoppingFlags {
  readonly rule: { readonly name: string; readonly settings: WrittenSettings };
  readonly metric?: string;
  readonly runs: number;
  readonly seed: number;
}

export function stoppingCommand({ terminal }: CommandContext): Command {
  return createCommand('stopping', {
    summary: 'what a stopping rule saves in a random search on known curves',
    description:
      'Searches at random over architectures whose whole learning curves are known, with the rule and without, on a clock that counts epochs, one trial at a time. ' +
      `The file is that of 'nas bench curves'. Settings follow the name of the rule: ${referenceExample}.`,
    example: 'nas bench stopping nas-bench-201-cifar10 --rule median:warmupEpochs=10',
  })
    .argument('<curves>', 'the JSON file, or nas-bench-201-cifar10, which comes with nasturtium')
    .addOption(
      new Option('--rule <rule>', 'a stopping rule or a module file of one, perhaps with settings')
        .argParser(ruleOf)
        .makeOptionMandatory(),
    )
    .addOption(textOption('--metric <name>', 'the list that is the score, the higher the better', 'validAccuracy'))
    .addOption(numberOption('--runs <n>', 'searches, each in an order of its own', integer(1, 10_000), 20))
    .addOption(numberOption('--seed <n>', 'seed of orders and rules', seed, 0))
    .action(async (source: string, flags: StoppingFlags) => {
      const { benchmarkStopping } = await import('../../benchmark/stopped-search.js');
      const onProgress = (run: number) =>
        terminal.status((colors) => `${colors.dim('search')} ${run + 1} of ${flags.runs}`);
      const result = await benchmarkStopping(source, { ...flags, onProgress });
      terminal.result(result, (colors) => text(result, colors));
    });
}

function ruleOf(label: string) {
  const parsed = parseReference(label);
  if (typeof parsed !== 'string') return parsed;
  throw new UsageError(`The option --rule is "${label}", but it must be ${parsed}.`);
}

function text({ epochs, trials, bestStopped, sooner, ...benchmark }: StoppingBenchmark, colors: Colors): string {
  const { architectures, rule, runs } = benchmark;
  const rounded = (value: number) => whole(Math.round(value));
  const rows = sooner.map((each) => [
    whole(each.architectures),
    each.regret.toPrecision(3),
    rounded(each.epochs),
    each.epochsWithRule === null ? 'never' : rounded(each.epochsWithRule),
  ]);
  const summary: [string, string][] = [
    ['all epochs', `${rounded(epochs.whole)} without the rule, ${rounded(epochs.stopped)} with ${rule}`],
    ['trials', `${trials.stopped.toFixed(1)} of ${architectures} stopped, ${trials.letRun.toFixed(1)} let run`],
    [
      'wrong',
      `${trials.wrong.toFixed(1)} of those let run; the best of all was stopped in ${bestStopped} of ${runs} searches`,
    ],
  ];
  return [
    fields(summary),
    '',
    table([' architectures', ' regret', ' epochs', ` with ${rule}`], rows),
    '',
    colors.dim(`Means over ${runs} random searches; epochs until the mean regret is as low.`),
  ].join('\n');
}
