/** @file `nas resume`: goes on where a study stopped. */
import type { Command } from 'commander';
import { type CommandContext, createCommand } from '../frame.js';
import { allowModuleOption, storeOption } from '../option.js';
import { present } from './search.js';

export function resumeCommand(context: CommandContext): Command {
  return createCommand('resume', {
    summary: 'go on with a study where it stopped',
    description:
      'Goes on with a study where it stopped, however it stopped: finished trials are kept, and what was running is run again. A finished study gives its result again.',
    example: 'nas resume fashion-mnist',
  })
    .argument('<study>', 'the name of a study, as `nas studies` lists them')
    .addOption(storeOption())
    .addOption(allowModuleOption())
    .action(async (study: string, options: { store?: string; allowModule?: readonly string[] }) => {
      const { resume } = await import('../../search/search.js');
      await present(context, options.store, (hear, signal) =>
        resume(study, { store: options.store, allowModules: options.allowModule, signal, onNews: hear }),
      );
    });
}
