/** @file `nas sample`: draws architectures of a space. */
import type { Command } from 'commander';
import { integer, seed } from '../../quantity/number-text.js';
import { Random } from '../../random.js';
import { type CommandContext, createCommand } from '../frame.js';
import { numberOption } from '../option.js';

export function sampleCommand({ terminal }: CommandContext): Command {
  return createCommand('sample', {
    summary: 'draw architectures of a space uniformly',
    example: 'nas sample nas-bench-201 -n 5 --seed 1',
  })
    .argument('<space>', 'a space, as `nas spaces` lists them, or a module file that exports one')
    .addOption(numberOption('-n, --count <n>', 'how many', integer(1, 100_000), 1))
    .addOption(numberOption('--seed <n>', 'which draw', seed, 0))
    .action(async (reference: string, options: { count: number; seed: number }) => {
      const { referred } = await import('../../reference/reference.js');
      const { spaceRegistry } = await import('../../space/registry.js');
      const { definition: space } = await referred(reference, spaceRegistry);
      const random = new Random(options.seed).stream('sample');
      const architectures = Array.from({ length: options.count }, () => space.decisions.sample(random));
      terminal.result({ space: space.name, seed: options.seed, architectures }, () =>
        architectures.map((each) => space.format(each)).join('\n'),
      );
    });
}
