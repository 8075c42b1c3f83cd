/** @file `nas search`: runs a study and trains its winner. */
import type { Command } from 'commander';
import { UsageError, WorkError } from '../../error.js';
import type { SearchNews } from '../../search/search.js';
import type { SearchResult } from '../../search/search-result.js';
import { type CommandContext, createCommand } from '../frame.js';
import { Interrupted } from '../interruption.js';
import { addSearchOptions, givenAssignments, givenOptions } from '../search-options.js';
import { SearchProgress } from '../search-progress.js';
import { nextCommands, quoted, searchText } from '../search-text.js';
import { pointDocument } from '../study-text.js';

export function searchCommand(context: CommandContext): Command {
  const command = createCommand('search', {
    summary: 'search for an architecture, train the winner, export it',
    description:
      'Searches for an architecture, trains the winner at length and writes it as an ONNX file with a model card and a report. ' +
      'Settings come from a YAML file, from options, or from both: options go first. ' +
      'Ctrl-C stops it, and `nas resume` goes on.',
    example: 'nas search --data digits --max-params 30k --trials 10',
  });
  return addSearchOptions(command)
    .argument('[config]', 'a YAML file of settings, such as examples/fashion-mnist.yaml')
    .action(async (file: string | undefined) => {
      const { checkSearchConfig } = await import('../../search/search-config.js');
      const { mergeConfig, readSearchConfig } = await import('../../search/config-source.js');
      const { runSearch } = await import('../../search/search.js');
      const config = mergeConfig({
        ...(file !== undefined && { file: await readSearchConfig(file) }),
        options: givenOptions(command),
        assignments: givenAssignments(command),
      });
      if (config.data === undefined) {
        throw new UsageError(
          `Which images? Give --data (a name of 'nas data', or a folder of your own)${file === undefined ? ', or a config file' : `, or the setting "data" in ${file}`}.`,
        );
      }
      const checked = await checkSearchConfig(config, file);
      await present(context, checked.store, (hear, signal) => runSearch(checked, { signal, onNews: hear }));
    });
}

/** Runs a search or goes on with one, and shows what happens and what came out. */
export async function present(
  context: CommandContext,
  storeFlag: string | undefined,
  run: (hear: (news: SearchNews) => void, signal: AbortSignal) => Promise<SearchResult>,
): Promise<void> {
  const { terminal, interruption } = context;
  const store = storeOf(storeFlag);
  let data = '';
  const result = await followed(
    context,
    (study) => `nas resume ${study}${store}`,
    (hear, signal) =>
      run((news) => {
        if (news.kind === 'prepared') data = news.configuration.data.reference;
        hear(news);
      }, signal),
  );
  if (result.interrupted) {
    terminal.result(documentOf(result), () => '');
    throw stopped(result, `nas resume ${result.study}${store}`, interruption.status);
  }
  terminal.note(() => '');
  terminal.result(documentOf(result), (colors, width) => searchText(result, colors, width));
  terminal.hint((colors) => nextCommands(result, data, store, colors));
  if (result.best === null) throw new WorkError(noWinner(result, `nas show ${result.study}${store}`));
}

/** The option that names the store again, in a command to copy. */
export const storeOf = (flag: string | undefined): string => (flag === undefined ? '' : ` --store ${quoted(flag)}`);

/** What to say of a search that was stopped. */
export const stopped = ({ trials }: SearchResult, goOn: string, status: Interrupted['status']): Interrupted =>
  new Interrupted(
    `Stopped after ${trials.completed} completed trials; nothing is lost. Go on with:\n  ${goOn}`,
    status,
  );

/**
 * Follows a study: shows what happens, and lets Ctrl-C stop it so that it can go on.
 *
 * @param goOn the command by which a study of this name goes on
 */
export async function followed<R>(
  { terminal, interruption }: CommandContext,
  goOn: (study: string | undefined) => string,
  run: (hear: (news: SearchNews) => void, signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const progress = new SearchProgress(terminal);
  const { signal } = interruption;
  let study: string | undefined;
  let isRecorded = false;
  try {
    return await run((news) => {
      if (news.kind === 'prepared') {
        study = news.study;
        // Until now nothing is lost by ending at once.
        interruption.defer('Stopping: what is running is written down. Ctrl-C again stops at once.');
      }
      if (news.kind === 'opened') {
        isRecorded = true;
        interruption.canGoOn(goOn(study));
      }
      progress.hear(news);
    }, signal);
  } catch (error) {
    if (!(error instanceof WorkError) || !isRecorded) throw error;
    throw new WorkError(`${error.message}\nTo go on after that:\n  ${goOn(study)}`);
  } finally {
    progress.end();
  }
}

const documentOf = ({ final, ...result }: SearchResult) => ({
  ...result,
  final: final && { ...final, curve: final.curve.map(pointDocument) },
});

function noWinner({ trials, pareto }: SearchResult, show: string): string {
  const { completed, failed, pruned, infeasible, lost } = trials;
  if (completed > 0) {
    return `None of the ${completed} completed trials keeps to ${pareto?.pick}, by which the winner is picked: '${show}' tells what they cost; search with another --pick, or with a limit such as --max-params, which candidates keep.`;
  }
  return `None of the ${failed + pruned + infeasible + lost} trials was completed: '${show}' tells why.`;
}
