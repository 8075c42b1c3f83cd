/** @file `nas correlate`: how far cheap ways to rank architectures agree with dear ones. */
import type { Command } from 'commander';
import { z } from 'zod';
import type { ProxyCorrelation } from '../../benchmark/proxy-correlation.js';
import { UsageError } from '../../error.js';
import { integer, type NumberText } from '../../quantity/number-text.js';
import type { CorrelationRun, FidelityCorrelation } from '../../search/fidelity-correlation.js';
import { type SettingName, settingRows } from '../../search/settings.js';
import { agreementTable } from '../agreement-text.js';
import { type CommandContext, createCommand } from '../frame.js';
import { numberOption, textOption } from '../option.js';
import { addSearchOptions, givenAssignments, givenOptions } from '../search-options.js';
import { showLoading } from '../search-progress.js';
import { quoted, shown } from '../search-text.js';
import { fields, table, time } from '../table.js';
import type { Colors } from '../terminal.js';
import { proxiesOption } from './score.js';
import { followed, stopped, storeOf } from './search.js';

/** The settings of a search that a study of budgets decides itself. */
const decided: readonly SettingName[] = ['strategy', 'stopping', 'pick', 'trials', 'budget', 'final'];

const settings = settingRows.flatMap(([name, row]) => (decided.includes(name) ? [] : [row]));

/**
 * Of two architectures that one budget sets in an order, the other then has six pairs in seven in the same: ρ of 0.9 is τ of 0.72
 * for normal scores (Kruskal 1958).
 */
const usualWanted = 0.9;

const correlation: NumberText = {
  allowed: 'a correlation above 0 and up to 1, such as 0.9',
  parse(text) {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return value > 0 && value <= 1 ? value : undefined;
  },
};

interface Flags {
  readonly fidelity?: string;
  readonly count?: number;
  readonly wanted: number;
  readonly store?: string;
  readonly proxies?: readonly string[];
  readonly table?: string;
  readonly target?: string;
  readonly batch: number;
}

/** Architectures that a study of budgets trains unless told otherwise. */
const usualCount = 20;

export function correlateCommand(context: CommandContext): Command {
  const command = createCommand('correlate', {
    summary: 'how far small budgets, or scores without training, rank architectures as dear ones do',
    description:
      'With --proxies, scores architectures of a table without training and compares the ranks with those of a column. With --fidelity, trains a random sample of architectures with each of some budgets, from scratch each time, and prints how far their ranks agree ' +
      '(Spearman, with a 95 % interval by bootstrap), what a training of each takes, and the cheapest budget that ranks as the largest does. ' +
      'It is a study: Ctrl-C stops it, and `nas correlate STUDY` goes on, or shows again what came out.',
    example: 'nas correlate --fidelity epochs=1,2,4,8 --space mobile --data digits -n 16',
  })
    .argument('[study]', 'a study of budgets that is to go on, or to be shown again')
    .addOption(
      textOption(
        '--fidelity <budgets>',
        'the budgets: epochs, data (shares of the training images), resolution (sides), channels or depth (multipliers), as in epochs=1,2,4,8',
        'none; needed without a study',
      ),
    )
    .addOption(
      numberOption(
        '-n, --count <n>',
        'how many architectures',
        integer(1, 100_000),
        `${usualCount} with --fidelity; all of the table with --proxies`,
      ),
    )
    .addOption(proxiesOption('none'))
    .addOption(
      textOption(
        '--table <table>',
        'a CSV file, or nas-bench-201-cifar10, for --proxies',
        'none; needed with --proxies',
      ),
    )
    .addOption(textOption('--target <column>', 'the column to rank by, for --proxies', 'the test column'))
    .addOption(numberOption('--batch <n>', 'images that are looked at, for --proxies', integer(1, 65_536), 64))
    .addOption(
      numberOption(
        '--wanted <rho>',
        'the correlation with the largest budget that is wanted',
        correlation,
        usualWanted,
      ),
    );
  return addSearchOptions(command, settings).action(async (study: string | undefined, flags: Flags) => {
    if (flags.proxies !== undefined) {
      if (study !== undefined || flags.fidelity !== undefined) {
        throw new UsageError(
          'Scores without training are compared alone: leave out the study, --fidelity or --proxies.',
        );
      }
      await presentProxies(context, flags, flags.proxies, givenOptions(command));
      return;
    }
    const { checkCorrelation, correlateFidelities, correlateStudy } = await import(
      '../../search/fidelity-correlation.js'
    );
    const { parseBudgets } = await import('../../search/fidelity-budgets.js');
    const { mergeConfig } = await import('../../search/config-source.js');
    const { store, wanted } = flags;
    if (study !== undefined) {
      if (flags.fidelity !== undefined) {
        throw new UsageError(`The study "${study}" has its budgets: give it, or --fidelity for a new one, not both.`);
      }
      await present(context, flags, (onNews, signal) => correlateStudy(study, wanted, { store, onNews, signal }));
      return;
    }
    if (flags.fidelity === undefined) {
      throw new UsageError(
        'What is to be compared? Give --fidelity, such as epochs=1,2,4,8, a study of budgets, or --proxies with --table.',
      );
    }
    const budgets = parseBudgets(flags.fidelity);
    const config = mergeConfig({ options: givenOptions(command), assignments: givenAssignments(command) });
    if (config.data === undefined) {
      throw new UsageError("Which images? Give --data (a name of 'nas data', or a folder of your own).");
    }
    const checked = await checkCorrelation(config, budgets, flags.count ?? usualCount);
    await present(context, flags, (onNews, signal) => correlateFidelities(checked, wanted, { onNews, signal }));
  });
}

async function present(
  context: CommandContext,
  flags: Flags,
  run: (...how: Parameters<Parameters<typeof followed<CorrelationRun>>[2]>) => Promise<CorrelationRun>,
): Promise<void> {
  const { terminal, interruption } = context;
  const store = storeOf(flags.store);
  const goOn = (study: string | undefined) => `nas correlate ${study}${store}`;
  const { result, correlation } = await followed(context, goOn, run);
  if (correlation === null) {
    terminal.result({ study: result.study, interrupted: true }, () => '');
    throw stopped(result, goOn(result.study), interruption.status);
  }
  const pairs = correlation.pairs.map(({ interval: { low, high }, ...pair }) => ({ ...pair, interval: [low, high] }));
  terminal.note(() => '');
  terminal.result({ ...correlation, pairs }, (colors, width) => textOf(correlation, colors, width));
  terminal.hint((colors) => `\n${colors.dim('Next:')}\n  nas search ${quoted(shown(correlation.config))}${store}`);
}

function textOf(correlation: FidelityCorrelation, colors: Colors, width: number): string {
  const { study, n, failed, pairs, seconds, wanted, recommended, evaluation } = correlation;
  const budgets = Object.keys(seconds);
  const largest = budgets.at(-1) ?? '';
  const kept = pairs.find(({ a, b }) => a === recommended && b === largest);
  const why =
    kept === undefined
      ? `no smaller budget has a correlation of ${wanted} with it`
      : `the smallest with a correlation of ${wanted} or more with ${largest}${kept.interval.low < wanted ? '; its interval goes below that: more architectures (-n) would tell more surely' : ''}`;
  const rows: [string, string][] = [
    ['architectures', `${n}${failed > 0 ? `; ${failed} more had a training that failed` : ''}`],
    ['recommended', `${colors.bold(recommended)}: ${why}`],
    ['that is', `--evaluation '${evaluation}'`],
  ];
  const columns = budgets.map((name) => ({ name, note: time(seconds[name] ?? 0) }));
  return `${colors.bold(`Study ${study}`)}\n${agreementTable(columns, pairs, 'one training')}\n\n${fields(rows, width)}`;
}

/** What of a search's settings scores depend on; texts, as the user gave them and as they were checked. */
const proxySettings = z.object({
  data: z.string().optional(),
  space: z.string().optional(),
  seed: z.coerce.number().optional(),
  threads: z.coerce.number().optional(),
});

async function presentProxies(
  { terminal }: CommandContext,
  { table: source, target, count, batch }: Flags,
  proxies: readonly string[],
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { data, space, seed, threads } = proxySettings.parse(given);
  if (source === undefined || data === undefined) {
    throw new UsageError('Scores are compared with a table and made of images: give --table and --data.');
  }
  const { correlateProxies } = await import('../../benchmark/proxy-correlation.js');
  const noted = new Set<string>();
  const correlation = await correlateProxies({
    table: source,
    target,
    count,
    batch,
    proxies,
    data,
    space,
    seed,
    threads,
    onProgress: (progress) => showLoading(terminal, progress, noted),
    onScore: (done, all) => terminal.status((colors) => `${colors.dim('scored')} ${done} of ${all}`),
  });
  const pairs = correlation.pairs.map(({ interval: { low, high }, ...pair }) => ({ ...pair, interval: [low, high] }));
  terminal.result({ ...correlation, pairs }, (colors) => proxyText(correlation, colors));
}

function proxyText({ n, space, target, table: source, pairs }: ProxyCorrelation, colors: Colors): string {
  const rows = pairs.map(
    ({ a, spearman, interval: { low, high }, kendall, ndcg, undefined: missing, beatsBaselines }) => [
      a,
      `${spearman.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`,
      kendall.toFixed(3),
      ndcg.toFixed(3),
      missing === 0 ? '' : String(missing),
      beatsBaselines === null ? 'baseline' : beatsBaselines ? '' : 'no better than counting',
    ],
  );
  return [
    table(['score', ' Spearman', ' Kendall', ' nDCG', ' undefined', ''], rows),
    '',
    colors.dim(`${n} architectures of ${space} against ${target} of ${source}; intervals of 95 % by bootstrap.`),
    colors.dim('No better than counting: params or macs, which need no image, rank this sample as well.'),
  ].join('\n');
}
