/** @file `nas studies`: the studies of a store. */
import type { Command } from 'commander';
import { bytes, plural } from '../../quantity/number-format.js';
import { measureOf } from '../../record/configuration.js';
import { KEPT_BEST } from '../../record/kept-artifacts.js';
import type { StudySummary } from '../../record/summary.js';
import type { Collected, FileCount } from '../../store/artifact-files.js';
import type { DamagedStudy } from '../../store/store.js';
import { type CommandContext, createCommand } from '../frame.js';
import { scoreText } from '../metric-text.js';
import { storeOption } from '../option.js';
import { studyDocument } from '../study-text.js';
import { table, time } from '../table.js';

export function studiesCommand({ terminal }: CommandContext): Command {
  return createCommand('studies', {
    summary: 'list the studies of the store',
    description:
      'Lists the studies of the store; also while one of them runs. With --clean it removes weights and checkpoints that no study needs any more: what stays are those of the best trials of a study that has ended, and all of one that can go on.',
    example: 'nas studies --json',
  })
    .addOption(storeOption())
    .option('--clean', 'remove the weights and checkpoints that no study needs any more', false)
    .action(async (options: { store?: string; clean: boolean }) => {
      const { readStore } = await import('../../store/store-file.js');
      const store = readStore(options.store);
      if (options.clean) {
        const cleaned = (await store?.clean()) ?? nothing;
        store?.close();
        terminal.result({ ...cleaned }, () => cleanedText(cleaned));
        return;
      }
      const studies = store?.studies() ?? [];
      store?.close();
      terminal.result({ studies: studies.map(document) }, () => {
        if (studies.length === 0) return 'No studies yet.';
        return table(
          ['study', 'state', 'created', 'data', 'space', 'strategy', ' completed', ' failed', ' best', ' time'],
          studies.map(row),
        );
      });
      for (const study of studies) {
        if (study.state === 'damaged') terminal.hint(() => `"${study.name}" cannot be read: ${study.problem}.`);
      }
      if (studies.length === 0) terminal.hint(() => "Begin with 'nas search --data digits --trials 10'.");
      else
        terminal.hint((colors) =>
          colors.dim(
            "\n'best' is by the evaluation's own measure, for `train` accuracy on validation images of the split that 'nas show STUDY' tells.",
          ),
        );
    });
}

const none = { files: 0, bytes: 0 };
const nothing: Collected = { removed: none, kept: none };

function cleanedText({ removed, kept }: Collected): string {
  const amount = ({ files, bytes: size }: FileCount) => `${plural(files, 'file')} (${bytes(size)})`;
  return `Removed ${amount(removed)}; kept ${amount(kept)}: of the ${KEPT_BEST} best trials and the winner of a study that has ended, all of one that can go on, and what is newer than a day while one runs.`;
}

const document = (study: StudySummary | DamagedStudy) =>
  study.state === 'damaged' ? { ...study, created: new Date(study.created).toISOString() } : studyDocument(study);

function row(study: StudySummary | DamagedStudy): string[] {
  const head = [study.name, study.state, new Date(study.created).toISOString().slice(0, 16).replace('T', ' ')];
  if (study.state === 'damaged') return head;
  const { configuration, trials, best, seconds } = study;
  return [
    ...head,
    configuration.data.reference,
    configuration.space.name,
    configuration.strategy.name,
    String(trials.completed),
    String(trials.failed),
    best === null ? '' : scoreText(best.metrics, measureOf(configuration)),
    time(seconds),
  ];
}
