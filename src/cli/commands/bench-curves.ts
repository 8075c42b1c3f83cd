/** @file `nas bench curves`: how well the ends of learning curves are predicted from their first part. */
import { type Command, Option } from 'commander';
import type { CurveBenchmark } from '../../benchmark/curve-prediction.js';
import { integer, seed } from '../../quantity/number-text.js';
import { type CommandContext, createCommand } from '../frame.js';
import { numberOf, numberOption, textOption } from '../option.js';
import { table, whole } from '../table.js';
import type { Colors } from '../terminal.js';

interface CurveFlags {
  readonly metric?: string;
  readonly seen?: readonly number[];
  readonly train?: number;
  readonly splits: number;
  readonly draws: number;
  readonly seed: number;
}

export function curvesCommand({ terminal }: CommandContext): Command {
  return createCommand('curves', {
    summary: 'how well the ends of learning curves are predicted',
    description:
      'Learns from some curves how the others end, from their first epochs: ν-SVRs, as the stopping rule curve-prediction has them, beside guesses from one curve alone. ' +
      'The file is a JSON list, gzip\'d or not, of {"arch": "…", "validAccuracy": [one number an epoch]}; other lists and numbers of an architecture are features.',
    example: 'nas bench curves nas-bench-201-cifar10 --seen 12,25,50,100',
  })
    .argument('<curves>', 'the JSON file, or nas-bench-201-cifar10, which comes with nasturtium')
    .addOption(textOption('--metric <name>', 'the list whose end is predicted, the higher the better', 'validAccuracy'))
    .addOption(
      new Option('--seen <epochs>', 'how many epochs are seen, separated by commas')
        .default(undefined, '1/16, 1/8, 1/4 and 1/2 of all')
        .argParser((text: string) => text.split(',').map(numberOf('--seen', integer(1, 1_000_000)))),
    )
    .addOption(numberOption('--train <n>', 'curves that are learnt from', integer(1, 1_000_000), 'half of them'))
    .addOption(numberOption('--splits <n>', 'random splits', integer(1, 10_000), 10))
    .addOption(numberOption('--draws <n>', 'settings that each random search tries', integer(5, 100_000), 100))
    .addOption(numberOption('--seed <n>', 'seed of splits and searches', seed, 0))
    .action(async (source: string, { train: training, ...flags }: CurveFlags) => {
      const { benchmarkCurves } = await import('../../benchmark/curve-prediction.js');
      const onProgress = (way: string) => terminal.status((colors) => `${colors.dim('predicting by')} ${way}`);
      const result = await benchmarkCurves(source, { ...flags, training, onProgress });
      terminal.result(result, (colors) => text(result, colors));
    });
}

function text({ results, seen, ...benchmark }: CurveBenchmark, colors: Colors): string {
  const rows = results.map(({ way, r2, spearman }) => [
    way,
    ...seen.map((_, place) => `${digits(r2[place])} / ${digits(spearman[place])}`),
  ]);
  const { architectures, epochs, metric, training, splits } = benchmark;
  return [
    table(['way', ...seen.map((count) => ` first ${count}`)], rows),
    '',
    colors.dim(
      `R² / Spearman's ρ of the last ${metric} of ${whole(epochs)} epochs: ${training} of ${architectures} curves are learnt from, ${splits} splits.`,
    ),
  ].join('\n');
}

const digits = (value = Number.NaN): string => value.toFixed(2);
