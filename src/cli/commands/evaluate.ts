/** @file `nas evaluate`: runs an exported file over a dataset, as a deployment would. */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { UsageError } from '../../error.js';
import { integer, seed } from '../../quantity/number-text.js';
import { didYouMean } from '../../suggestion.js';
import { type CommandContext, createCommand } from '../frame.js';
import { numberOption, textOption } from '../option.js';
import { showLoading } from '../search-progress.js';
import { fields, percent, whole } from '../table.js';

interface EvaluateFlags {
  readonly data: string;
  readonly split: 'train' | 'valid' | 'test';
  readonly seed: number;
  readonly threads: number;
}

export function evaluateCommand({ terminal }: CommandContext): Command {
  return createCommand('evaluate', {
    summary: 'measure the accuracy of an exported model',
    description:
      'Runs an ONNX file over the images of a dataset as a deployment would: pixels in, answers out. Images are resized where the model takes another size.',
    example: 'nas evaluate runs/digits/model.onnx --data digits',
  })
    .argument('<model>', 'an .onnx file with one input [N, channels, height, width] of pixels 0 to 255')
    .addOption(textOption('--data <data>', 'a name of `nas data`, a folder or a file', 'none').makeOptionMandatory())
    .addOption(splitOption())
    .addOption(numberOption('--seed <n>', 'the seed of the search, which fixes its validation images', seed, 0))
    .addOption(numberOption('--threads <n>', 'threads of ONNX Runtime', integer(1, 256), availableParallelism()))
    .action(async (model: string, flags: EvaluateFlags) => {
      const { evaluateModel } = await import('../../model/evaluate.js');
      const noted = new Set<string>();
      const result = await evaluateModel(model, {
        ...flags,
        onProgress: (progress) => showLoading(terminal, progress, noted),
      });
      for (const notice of result.notices) terminal.note((colors) => `${colors.yellow('note')} ${notice}`);
      terminal.result(result, (colors, width) =>
        fields(
          [
            [
              'accuracy',
              `${colors.bold(percent(result.accuracy))} of ${whole(result.images)} images (${result.split})`,
            ],
            ['loss', result.loss.toFixed(4)],
            [
              'speed',
              `${whole(Math.round(result.imagesPerSecond))} images/s (batch ${result.batch}, ${result.threads} threads)`,
            ],
            ['split', result.splitOrigin],
          ],
          width,
        ),
      );
    });
}

const allowedSplits = ['test', 'valid', 'train'];

const splitOption = (): Option =>
  new Option('--split <name>', `which images: ${allowedSplits.join(', ')}`)
    .default('test', 'test')
    .argParser((name: string) => {
      if (allowedSplits.includes(name)) return name;
      throw new UsageError(
        `The option --split is "${name}"${didYouMean(name, allowedSplits)}, but it must be ${allowedSplits.join(', ')}.`,
      );
    });
