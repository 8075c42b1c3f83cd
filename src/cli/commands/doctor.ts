/** @file `nas doctor`: what works on this machine, and the mend for what does not. */
import type { Command } from 'commander';
import { WorkError } from '../../error.js';
import { type CommandContext, createCommand } from '../frame.js';
import { storeOption } from '../option.js';

export function doctorCommand({ terminal }: CommandContext): Command {
  return createCommand('doctor', {
    summary: 'check what works on this machine, with the mend for what does not',
    example: 'nas doctor',
  })
    .addOption(storeOption())
    .action(async (options: { store?: string }) => {
      const { diagnose } = await import('../../doctor/diagnose.js');
      const checks = await diagnose({ store: options.store });
      const wide = Math.max(...checks.map(({ name }) => name.length));
      terminal.result({ checks }, (colors) =>
        checks
          .map(({ name, ok, detail, fix }) => {
            const line = `${ok ? colors.green('ok    ') : colors.red('failed')}  ${name.padEnd(wide)}  ${detail}`;
            return fix === null ? line : `${line}\n${' '.repeat(wide + 10)}${colors.yellow(`mend: ${fix}`)}`;
          })
          .join('\n'),
      );
      const failed = checks.filter(({ ok }) => !ok);
      if (failed.length === 0) return;
      throw new WorkError(
        `${failed.length} of ${checks.length} checks failed: ${failed.map(({ name }) => name).join(', ')}.`,
      );
    });
}
