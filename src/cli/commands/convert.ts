/** @file `nas convert`: one architecture in another notation. */
import type { Command } from 'commander';
import { type CommandContext, createCommand } from '../frame.js';
import { textOption } from '../option.js';

interface ConvertFlags {
  readonly space: string;
  readonly to?: string;
}

export function convertCommand({ terminal }: CommandContext): Command {
  return createCommand('convert', {
    summary: 'write an architecture in another notation',
    description:
      'Reads an architecture in any notation of its space, as papers, benchmarks and Python print it, or by the name under which it is published, and writes it in another one.',
    example: "nas convert '(4, 0, 3, 1, 4, 3)' --space nas-bench-201 --to arch-string",
  })
    .argument('<architecture>', 'the architecture in any notation of the space, or the name of a published one')
    .addOption(
      textOption(
        '--space <space>',
        'its space, as `nas spaces` lists them, or a module file that exports one',
        'required',
      ).makeOptionMandatory(),
    )
    .addOption(textOption('--to <notation>', 'one of those that `nas spaces NAME` lists', 'the usual one of the space'))
    .action(async (text: string, { space: reference, to }: ConvertFlags) => {
      const { referred } = await import('../../reference/reference.js');
      const { spaceRegistry } = await import('../../space/registry.js');
      const { notationNamed } = await import('../../space/notations/notation.js');
      const { definition: space } = await referred(reference, spaceRegistry);
      const notation = notationNamed(space, to ?? space.notations[0]?.name ?? '');
      const architecture = notation.format(space.parse(text));
      terminal.result({ space: space.name, notation: notation.name, architecture }, () => architecture);
    });
}
