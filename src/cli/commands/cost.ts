/** @file `nas cost`: parameters, MACs and peak activation memory of an architecture, without training. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { UsageError } from '../../error.js';
import type { CostReport } from '../../model/cost.js';
import type { ImageShape } from '../../nn/network.js';
import { integer } from '../../quantity/number-text.js';
import { allowedImageShape, parseImageShape } from '../../reference/image-shape.js';
import { type CommandContext, createCommand } from '../frame.js';
import { allowModuleOption, numberOption } from '../option.js';
import { costFields } from '../quantity-text.js';
import { bytes, fields, table, whole } from '../table.js';

export const targetHelp =
  'a preset such as mobilenet_v3_large, SPACE:GENOTYPE (a space by its name or its module file), a JSON file {"space", "architecture"} or of a whole network';

interface CostFlags {
  readonly input?: ImageShape;
  readonly classes?: number;
  readonly allowModule?: readonly string[];
}

export function costCommand({ terminal }: CommandContext): Command {
  return createCommand('cost', {
    summary: 'count parameters, MACs and memory of an architecture without training it',
    example: 'nas cost mobilenet_v3_large --input 3x224x224 --classes 1000',
  })
    .argument('<target>', `${targetHelp}, or an .onnx file`)
    .addOption(inputOption())
    .addOption(classesOption())
    .addOption(allowModuleOption())
    .action(async (target: string, { allowModule, ...options }: CostFlags) => {
      const { countCost } = await import('../../model/cost.js');
      const report = await countCost(target, { ...options, allowModules: allowModule });
      terminal.result({ target, ...report }, () => text(report));
    });
}

export const inputOption = (): Option =>
  new Option('--input <CxHxW>', 'shape of the images')
    .default(undefined, "the preset's own; 3x32x32 for a space")
    .argParser((value: string) => {
      const shape = parseImageShape(value);
      if (shape !== undefined) return shape;
      throw new UsageError(`The option --input is "${value}", but it must be ${allowedImageShape}.`);
    });

export const classesOption = (): Option =>
  numberOption('--classes <n>', 'number of classes', integer(2, 65_535), "the preset's own; 10 for a space");

function text({ layers, int8, ...cost }: CostReport): string {
  return [
    table(
      ['layer', 'operator', ' output', ' params', ' MACs'],
      layers.map((layer) => [
        layer.name,
        layer.operator,
        layer.outputShape.join('×'),
        layer.params === 0 ? '' : whole(layer.params),
        layer.macs === 0 ? '' : whole(layer.macs),
      ]),
    ),
    '',
    fields([
      ...costFields({ ...cost }),
      ...(int8 === null
        ? []
        : [
            [
              'microcontroller, int8',
              `${bytes(int8.sramBytes)} of SRAM (${bytes(int8.sramBytesInPlace)} with depthwise convolutions in place), ${bytes(int8.flashBytes)} of flash`,
            ] as const,
          ]),
    ]),
  ].join('\n');
}
