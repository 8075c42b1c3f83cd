/** @file `nas bench`: how fast the parts are on this machine. */
import type { Command } from 'commander';
import type { TrainingBenchmark } from '../../benchmark/training.js';
import { integer, positive } from '../../quantity/number-text.js';
import { type CommandContext, createCommand } from '../frame.js';
import { numberOption, textOption } from '../option.js';
import { table, whole } from '../table.js';
import type { Colors } from '../terminal.js';
import { curvesCommand } from './bench-curves.js';
import { stoppingCommand } from './bench-stopping.js';
import { surrogatesCommand } from './bench-surrogates.js';
import { tabularCommand } from './bench-tabular.js';

export function benchCommand(context: CommandContext): Command {
  return createCommand('bench', {
    summary: 'measure how fast the parts are on this machine',
    example: 'nas bench training --threads 2',
  })
    .addCommand(trainingCommand(context))
    .addCommand(inferenceCommand(context))
    .addCommand(spacesCommand(context))
    .addCommand(tabularCommand(context))
    .addCommand(curvesCommand(context))
    .addCommand(stoppingCommand(context))
    .addCommand(surrogatesCommand(context));
}

function inferenceCommand({ terminal }: CommandContext): Command {
  return createCommand('inference', {
    summary: 'how fast ONNX files of image classifiers run, side by side',
    description: "Runs the files in turn on random pixels; ratios are the first file's median time over each one's.",
    example: 'nas bench inference mine.onnx other.onnx --batch 16',
  })
    .argument('<files...>', 'ONNX files that take the same images')
    .addOption(numberOption('--batch <n>', 'images at once, for files that take any number', integer(1, 65_536), 1))
    .addOption(numberOption('--threads <n>', 'threads of ONNX Runtime', integer(1, 256), 1))
    .addOption(numberOption('--runs <n>', 'runs of each file that are timed', integer(1, 1_000_000), 50))
    .action(async (files: string[], flags: { batch: number; threads: number; runs: number }) => {
      const { benchmarkInference } = await import('../../benchmark/inference.js');
      const result = await benchmarkInference({ files, ...flags });
      terminal.result(result, () =>
        table(
          ['file', ' ms', ' ratio'],
          result.results.map(({ file, milliseconds, ratio }) => [file, milliseconds.toFixed(3), ratio.toFixed(3)]),
        ),
      );
    });
}

function spacesCommand({ terminal }: CommandContext): Command {
  return createCommand('spaces', {
    summary: 'architectures that are built and counted a second',
    description:
      'Builds the networks of sampled architectures for 3x32x32 images and counts parameters, MACs and peak memory, on one core: ' +
      'what a search does with every candidate.',
    example: 'nas bench spaces nas-bench-201 mobile',
  })
    .argument('[spaces...]', 'spaces, as `nas spaces` lists them, or module files that export one; all by default')
    .addOption(numberOption('--seconds <s>', 'how long each space is timed', positive, 1))
    .action(async (spaces: string[], { seconds }: { seconds: number }) => {
      const { benchmarkSpaces } = await import('../../benchmark/spaces.js');
      const result = await benchmarkSpaces({
        spaces,
        seconds,
        onSpace: (name) => terminal.note((colors) => colors.dim(`timing ${name}`)),
      });
      terminal.result(result, () =>
        table(
          ['space', ' architectures/s', ' layers'],
          result.results.map(({ space, perSecond, layers }) => [
            space,
            whole(Math.round(perSecond)),
            whole(Math.round(layers)),
          ]),
        ),
      );
    });
}

interface TrainingFlags {
  readonly threads: number;
  readonly processes: number;
  readonly steps: number;
  readonly random: number;
  readonly seed: number;
  readonly against?: string;
}

function trainingCommand({ terminal }: CommandContext): Command {
  return createCommand('training', {
    summary: 'training throughput of the reference networks',
    description:
      'Times training steps (forward, backward, SGD with momentum) on one fixed batch, by the median step, in processes of their own. ' +
      'With --random, networks of the spaces mobile and nas-bench-201 that nobody tuned for are timed in place of the reference networks. ' +
      'With --against, another command is run in the middle of it: it must print {"engine", "threads", "results": [{"network", "imagesPerSecond"}]} as JSON. ' +
      'Where it holds {network}, {file} or {batch}, it is run once for each network, with the name, a JSON file of the network and the batch size in that place.',
    example: 'nas bench training --against "python3 bench/pytorch_training.py {file} --batch {batch}"',
  })
    .argument(
      '[networks...]',
      'reference networks: resnet-32, resnet-16, mobile-32, mobile-16, mobile-28-gray; all by default',
    )
    .addOption(textOption('--against <command>', 'command of another engine', 'none'))
    .addOption(numberOption('--random <n>', 'random networks to time', integer(0, 10_000), 0))
    .addOption(numberOption('--seed <n>', 'seed of the random networks', integer(0, 2 ** 32 - 1), 0))
    .addOption(numberOption('--threads <n>', 'threads of ONNX Runtime in each process', integer(1, 256), 2))
    .addOption(numberOption('--processes <n>', 'processes that train the network at once', integer(1, 256), 1))
    .addOption(numberOption('--steps <n>', 'steps that are timed', integer(2, 100_000), 20))
    .action(async (networks: string[], flags: TrainingFlags) => {
      const { benchmarkTraining } = await import('../../benchmark/training.js');
      const result = await benchmarkTraining({
        ...flags,
        networks,
        onNetwork: (name) => terminal.note((colors) => colors.dim(`timing ${name}`)),
      });
      terminal.result(result, (colors) => text(result, colors));
    });
}

function text(benchmark: TrainingBenchmark, colors: Colors): string {
  const { results, against, geometricMeanRatio, threads, processes, steps, blocks } = benchmark;
  const rate = (value: number) => whole(Math.round(value));
  const mebibytes = (bytes: number | null) => (bytes === null ? '' : whole(Math.round(bytes / 2 ** 20)));
  const how = [
    processes === 1 ? 'one process' : `${processes} processes at once`,
    `${threads} ${threads === 1 ? 'thread' : 'threads'} each`,
    `median of ${steps} steps`,
    blocks === null ? 'standard operators' : `blocks of ${blocks} channels`,
  ].join(', ');
  const rows = results.map((row) => [
    row.network,
    whole(row.parameters),
    String(row.batch),
    rate(row.imagesPerSecond),
    rate(row.preparationMs),
    mebibytes(row.peakMemoryBytes),
    ...(against === null
      ? []
      : [
          row.against === null ? '' : rate(row.against),
          mebibytes(row.againstPeakMemoryBytes),
          row.ratio === null ? '' : row.ratio.toFixed(2),
        ]),
  ]);
  const headers = [
    'network',
    ' parameters',
    ' batch',
    ' images/s',
    ' prepare ms',
    ' peak MiB',
    ...(against === null ? [] : [` ${against.engine}`, ' peak MiB', ' ratio']),
  ];
  const lines = [table(headers, rows), '', colors.dim(how)];
  if (against !== null && against.threads !== null && against.threads !== threads * processes) {
    lines.push(
      colors.yellow(`${against.engine} ran with ${against.threads} threads: the ratios compare unlike things.`),
    );
  }
  if (geometricMeanRatio !== null)
    lines.push(`geometric mean of the ratios: ${colors.bold(geometricMeanRatio.toFixed(3))}`);
  return lines.join('\n');
}
