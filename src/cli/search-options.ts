/** @file The options of `nas search`: each sets the setting of that name of a config, and goes before a config file. */
import type { Command } from 'commander';
import { byteCount, count, duration, integer, positive, processMemory, seed } from '../search/quantity.js';
import { quantityOption, storeOption, textOption } from './option.js';

/** What the parser makes of the options; absent where not given. */
export interface SearchFlags {
  readonly data?: string;
  readonly space?: string;
  readonly strategy?: string;
  readonly evaluation?: string;
  readonly stopping?: string;
  readonly pick?: string;
  readonly trials?: number;
  readonly budget?: number;
  readonly maxParams?: number;
  readonly maxMacs?: number;
  readonly maxLatencyMs?: number;
  readonly maxMemory?: number;
  readonly trialTime?: number;
  readonly trialMemory?: number;
  readonly workers?: number;
  readonly threads?: number;
  readonly seed?: number;
  readonly name?: string;
  readonly store?: string;
  readonly out?: string;
  /** `false` for `--no-final`; else `true`, which is no wish. */
  readonly final: boolean;
}

export function addSearchOptions(command: Command): Command {
  return command
    .addOption(
      textOption(
        '--data <data>',
        'images to learn from: a name of `nas data`, a folder or a file',
        'none; needed here or in CONFIG',
      ),
    )
    .addOption(
      textOption(
        '--space <space>',
        'search space: a name of `nas spaces`, or a module file that exports one of your own',
        'mobile',
      ),
    )
    .addOption(
      textOption(
        '--strategy <strategy>',
        'search strategy: a name of `nas strategies`, or a module file that exports one of your own',
        'regularized-evolution',
      ),
    )
    .addOption(textOption('--evaluation <name>', 'how candidates are scored', 'train'))
    .addOption(textOption('--stopping <rule>', 'ends trials early by their curves: median or asha', 'none'))
    .addOption(
      textOption('--pick <rule>', 'picks the winner: best, knee, or best under a bound such as params<=60k', 'best'),
    )
    .addOption(
      quantityOption('--trials <n>', 'how many candidates to try', integer(1, 1_000_000), '20; no limit with --budget'),
    )
    .addOption(
      quantityOption('--budget <time>', 'begin no further trial after so long, such as 10m', duration, 'no limit'),
    )
    .addOption(quantityOption('--max-params <n>', 'most parameters, such as 60k', count, 'no limit'))
    .addOption(
      quantityOption('--max-macs <n>', 'most multiply-accumulates for one image, such as 3M', count, 'no limit'),
    )
    .addOption(
      quantityOption('--max-latency-ms <ms>', 'longest time for one image on one thread here', positive, 'no limit'),
    )
    .addOption(
      quantityOption(
        '--max-memory <bytes>',
        'most bytes of activations for one image, such as 256k',
        byteCount,
        'no limit',
      ),
    )
    .addOption(quantityOption('--trial-time <time>', 'end a trial that takes longer', duration, 'no limit'))
    .addOption(
      quantityOption(
        '--trial-memory <bytes>',
        'end a trial whose process takes more, such as 2GB',
        processMemory,
        'no limit',
      ),
    )
    .addOption(
      quantityOption('--workers <n>', 'trials at a time', integer(1, 256), 'as many as cores allow, at most 8'),
    )
    .addOption(
      quantityOption(
        '--threads <n>',
        'threads of one trial; with 1, equal seeds give equal trials',
        integer(1, 256),
        '1',
      ),
    )
    .addOption(quantityOption('--seed <n>', 'fixes the candidates, their training and the split', seed, '0'))
    .addOption(textOption('--name <name>', 'name of the study', 'after the data'))
    .addOption(storeOption())
    .addOption(textOption('--out <dir>', 'folder for model, card and report', 'runs/NAME'))
    .option('--no-final', 'do not train the winner at length');
}

/** The settings that the user gave as options. Seconds go back to text with a unit, as a config has them. */
export function settingsOf(flags: SearchFlags): { readonly [key: string]: unknown } {
  const { final, budget, trialTime, ...rest } = flags;
  return {
    ...rest,
    ...(budget !== undefined && { budget: `${budget}s` }),
    ...(trialTime !== undefined && { trialTime: `${trialTime}s` }),
    ...(!final && { final: false }),
  };
}
