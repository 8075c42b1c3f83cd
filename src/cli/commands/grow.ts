/** @file `nas grow`: a larger network that computes the same, ready for further training. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { GrownNetwork } from '../../model/grow.js';
import type { ImageShape } from '../../nn/network.js';
import { integer, positive, seed } from '../../quantity/number-text.js';
import { type CommandContext, createCommand } from '../frame.js';
import { allowModuleOption, numberOption, textOption } from '../option.js';
import { quoted, shown } from '../search-text.js';
import { fields, whole } from '../table.js';
import { classesOption, inputOption, targetHelp } from './cost.js';

interface GrowFlags {
  readonly wider?: number;
  readonly deeper?: number;
  readonly kernel?: number;
  readonly noise: boolean;
  readonly seed: number;
  readonly input?: ImageShape;
  readonly classes?: number;
  readonly out?: string;
  readonly allowModule?: readonly string[];
}

export function growCommand({ terminal }: CommandContext): Command {
  return createCommand('grow', {
    summary: 'make a network larger without changing what it computes',
    description:
      'Copies channels (Net2Net), inserts blocks that do nothing at first, and puts zeros around windows, then runs both networks on the same ' +
      'random images and says how far they differ. The larger network can be trained further with `nas train --weights`.',
    example: 'nas grow runs/mobile-28-gray --wider 1.5 --deeper 2 --out runs/larger',
  })
    .argument(
      '<model>',
      `the folder of a result, its weights.safetensors or model.onnx; or a network with random weights: ${targetHelp}`,
    )
    .addOption(numberOption('--wider <f>', 'so many times as many channels', positive, 'as they are'))
    .addOption(numberOption('--deeper <n>', 'blocks to insert, over the whole depth', integer(1, 1000), 'none'))
    .addOption(
      numberOption('--kernel <k>', 'pixels of windows that have fewer, an odd number', integer(3, 99), 'as they are'),
    )
    .addOption(
      new Option('--noise', 'break the symmetry of copies by a little noise, which changes the function').default(
        false,
        'off',
      ),
    )
    .addOption(numberOption('--seed <n>', 'fixes what is drawn, random weights among it', seed, 0))
    .addOption(inputOption())
    .addOption(classesOption())
    .addOption(textOption('--out <dir>', 'folder for the files', 'runs/MODEL-grown'))
    .addOption(allowModuleOption())
    .action(async (target: string, { allowModule, ...options }: GrowFlags) => {
      const { growTarget } = await import('../../model/grow.js');
      const grown = await growTarget(target, { ...options, allowModules: allowModule });
      terminal.result({ target, ...grown }, () => text(grown));
      const { network, weights } = grown.files;
      terminal.hint(
        (colors) =>
          `\n${colors.dim('Next:')}\n  nas train ${quoted(shown(network))} --weights ${quoted(shown(weights))} --data DATA`,
      );
    });
}

const text = ({ deviation, params, macs, before, files }: GrownNetwork): string =>
  fields([
    ['largest difference', `${deviation.toExponential(1)} on random images`],
    ['parameters', `${whole(params)}, before ${whole(before.params)}`],
    ['multiply-accumulates', `${whole(macs)}, before ${whole(before.macs)}`],
    ['network', shown(files.network)],
    ['weights', shown(files.weights)],
  ]);
