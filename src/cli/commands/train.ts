/** @file `nas train`: trains one architecture and exports it. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { TrainResult } from '../../model/train-target.js';
import { integer, positive, seed } from '../../quantity/number-text.js';
import type { Point } from '../../training/curve.js';
import { type CommandContext, createCommand } from '../frame.js';
import { Interrupted } from '../interruption.js';
import { allowModuleOption, numberOption, textOption } from '../option.js';
import { costFields, latencyField } from '../quantity-text.js';
import { epochLine, isNoted, showLoading } from '../search-progress.js';
import { quoted, shown } from '../search-text.js';
import { pointDocument } from '../study-text.js';
import { fields, percent, time, whole } from '../table.js';
import type { Colors } from '../terminal.js';
import { targetHelp } from './cost.js';

interface TrainFlags {
  readonly data: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly weights?: string;
  readonly seed: number;
  readonly threads: number;
  readonly out?: string;
  readonly allowModule?: readonly string[];
}

export function trainCommand({ terminal, interruption }: CommandContext): Command {
  return createCommand('train', {
    summary: 'train one architecture and export it',
    description:
      'Trains one architecture, keeps the weights of the epoch with the best validation accuracy, and writes an ONNX file with a model card.',
    example: 'nas train mobile-28-gray --data fashion-mnist --epochs 3',
  })
    .argument('<target>', targetHelp)
    .addOption(textOption('--data <data>', 'a name of `nas data`, a folder or a file', 'none').makeOptionMandatory())
    .addOption(
      numberOption(
        '--epochs <n>',
        'passes over the training images',
        integer(1, 10_000),
        'as many as show 600,000 images, at most 200',
      ),
    )
    .addOption(numberOption('--batch-size <n>', 'images a step', integer(2, 4096), '64, or fewer for few images'))
    .addOption(numberOption('--learning-rate <x>', 'at the peak of its cosine schedule', positive, '0.1'))
    .addOption(
      textOption(
        '--weights <file>',
        'weights.safetensors of the same network, to begin with: of an earlier result or of `nas grow`',
        'random weights',
      ),
    )
    .addOption(numberOption('--seed <n>', 'fixes weights, batches and the split', seed, 0))
    .addOption(
      numberOption(
        '--threads <n>',
        'threads; with 1, equal seeds give equal bits',
        integer(1, 256),
        availableParallelism(),
      ),
    )
    .addOption(textOption('--out <dir>', 'folder for the files', 'runs/TARGET'))
    .addOption(allowModuleOption())
    .action(async (target: string, flags: TrainFlags) => {
      const { trainTarget } = await import('../../model/train-target.js');
      const { data, epochs, batchSize, learningRate, out, allowModule, ...rest } = flags;
      interruption.defer('Stopping.');
      const { signal } = interruption;
      const noted = new Set<string>();
      const began = performance.now();
      const result = await trainTarget(target, {
        ...rest,
        data,
        out,
        allowModules: allowModule,
        signal,
        settings: { epochs, batchSize, learningRate },
        onLoading: (progress) => showLoading(terminal, progress, noted),
        onPoint: (point: Point, all: number) => {
          if (!isNoted(point.epoch, all)) return;
          terminal.note((colors) => epochLine(point, all, (performance.now() - began) / 1000, colors));
        },
      }).catch((error: unknown) => {
        throw signal.aborted ? new Interrupted('Stopped; nothing was exported.', interruption.status) : error;
      });
      terminal.result({ ...result, curve: result.curve.map(pointDocument) }, (colors, width) =>
        text(result, colors, width),
      );
      terminal.hint(
        (colors) =>
          `\n${colors.dim('Next:')}\n  nas evaluate ${quoted(shown(result.files.onnx))} --data ${quoted(data)}`,
      );
    });
}

function text(result: TrainResult, colors: Colors, width: number): string {
  const { cost, latency, files } = result;
  return fields(
    [
      [
        'test accuracy',
        `${colors.bold(colors.green(percent(result.testAccuracy)))} of ${whole(result.testImages)} images`,
      ],
      ['validation accuracy', `${percent(result.validAccuracy)} (epoch ${result.bestEpoch} of ${result.epochs})`],
      ['trained', time(result.seconds)],
      ...costFields({ ...cost }),
      latencyField(latency),
      ['split', result.split],
      ['model', shown(files.onnx)],
      ['model card', shown(files.card)],
    ],
    width,
  );
}
