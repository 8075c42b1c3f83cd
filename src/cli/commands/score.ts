/** @file `nas score`: scores of architectures without training. */
import { text as textOf } from 'node:stream/consumers';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ArchitectureScores } from '../../model/score.js';
import { integer, seed } from '../../quantity/number-text.js';
import { type CommandContext, createCommand } from '../frame.js';
import { numberOption, textOption } from '../option.js';
import { showLoading } from '../search-progress.js';
import { table } from '../table.js';

interface ScoreFlags {
  readonly space: string;
  readonly proxies?: readonly string[];
  readonly data: string;
  readonly batch: number;
  readonly seed: number;
  readonly threads: number;
}

export function scoreCommand({ terminal }: CommandContext): Command {
  return createCommand('score', {
    summary: 'score architectures without training them',
    description:
      'Scores architectures from one batch of images and random weights; higher is better. Where a score is undefined, the reason stands below. `nas evaluations zero-cost` says what the scores are, and where they mislead.',
    example: 'nas score resnet all_c3x3 --space nas-bench-201 --proxies synflow,jacob_cov --data digits',
  })
    .argument('<arch...>', 'architectures in any notation of the space; - reads them from standard input, one a line')
    .addOption(
      textOption(
        '--space <space>',
        'a space of `nas spaces`, or a module file of one',
        'required',
      ).makeOptionMandatory(),
    )
    .addOption(proxiesOption('all'))
    .addOption(textOption('--data <data>', 'a name of `nas data`, a folder or a file', 'none').makeOptionMandatory())
    .addOption(numberOption('--batch <n>', 'images of a batch', integer(1, 65_536), 64))
    .addOption(numberOption('--seed <n>', 'draws images and weights', seed, 0))
    .addOption(numberOption('--threads <n>', 'threads of ONNX Runtime', integer(1, 256), 1))
    .action(async (given: readonly string[], { proxies: named, ...flags }: ScoreFlags) => {
      const { proxies: all } = await import('../../proxy/registry.js');
      const { scoreArchitectures } = await import('../../model/score.js');
      const proxies = named ?? all.map(({ name }) => name);
      const architectures = given.includes('-')
        ? given.flatMap((each) => (each === '-' ? [] : [each])).concat(linesOf(await textOf(process.stdin)))
        : given;
      const noted = new Set<string>();
      const scored = await scoreArchitectures(architectures, {
        ...flags,
        proxies,
        onProgress: (progress) => showLoading(terminal, progress, noted),
        onScore: (done, count) => terminal.status((colors) => `${colors.dim('scored')} ${done} of ${count}`),
      });
      terminal.result({ scores: scored.map(documentOf) }, () => text(proxies, scored));
    });
}

/** Names separated by commas. */
export const proxiesOption = (fallback: string): Option =>
  new Option('--proxies <names>', 'scores without training, by name, separated by commas')
    .default(undefined, fallback)
    .argParser((names: string) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    );

const linesOf = (content: string): string[] =>
  content
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const documentOf = ({ architecture, scores, reasons }: ArchitectureScores) => ({
  architecture,
  ...scores,
  ...(Object.keys(reasons).length > 0 && { reasons }),
});

function text(proxies: readonly string[], scored: readonly ArchitectureScores[]): string {
  const rows = scored.map(({ architecture, scores }) => [
    architecture,
    ...proxies.map((name) => scoreText(scores[name] ?? null)),
  ]);
  const reasons = scored.flatMap(({ architecture, reasons: those }) =>
    Object.entries(those).map(([name, reason]) => `${name} is undefined for ${architecture}: ${reason}.`),
  );
  const shown = table(['architecture', ...proxies.map((name) => ` ${name}`)], rows);
  return reasons.length === 0 ? shown : [shown, '', ...reasons].join('\n');
}

const scoreText = (score: number | null): string => (score === null ? '–' : String(Number(score.toPrecision(6))));
