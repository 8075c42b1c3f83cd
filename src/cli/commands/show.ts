/** @file `nas show`: the trials of a study, or one of them. */
import type { Command } from 'commander';
import { UsageError } from '../../error.js';
import type { Measure } from '../../evaluation/metric.js';
import { integer } from '../../quantity/number-text.js';
import { quantities } from '../../quantity/quantity.js';
import { measureOf } from '../../record/configuration.js';
import { stoppingSummaryOf } from '../../record/stopping.js';
import type { TrialRecord } from '../../record/trial.js';
import { type CommandContext, createCommand } from '../frame.js';
import { metricOf, scoreText } from '../metric-text.js';
import { allowModuleOption, numberOf, storeOption } from '../option.js';
import { studyDocument, studyText, trialDocument, trialText } from '../study-text.js';
import { percent, table, time } from '../table.js';

interface ShowFlags {
  readonly store?: string;
  readonly allowModule?: readonly string[];
}

export function showCommand({ terminal }: CommandContext): Command {
  return createCommand('show', {
    summary: 'show the trials of a study, or one trial',
    description: 'Shows the trials of a study, or one trial with its learning curve; also while the study runs.',
    example: 'nas show digits 3',
  })
    .argument('<study>', 'the name of a study, as `nas studies` lists them')
    .argument('[trial]', 'the number of a trial', (text: string) => numberOf('TRIAL', integer(0, 1e9))(text))
    .addOption(storeOption())
    .addOption(allowModuleOption())
    .action(async (study: string, number: number | undefined, options: ShowFlags) => {
      const { readStoreOf } = await import('../../store/store-file.js');
      const { datasets } = await import('../../data/registry.js');
      const { formatArchitecture } = await import('../../search/architecture.js');
      const { recall } = await import('../../reference/reference.js');
      const { spaceRegistry } = await import('../../space/registry.js');
      const store = readStoreOf(options.store, study);
      const summary = store.summary(study);
      const all = store.trials(study);
      store.close();
      const trials = number === undefined ? all : [trialNumbered(all, number, study)];
      const { space } = summary.configuration;
      const measure = measureOf(summary.configuration);
      // The list of trials shows no architectures: it needs no space.
      if (number !== undefined) await recall(space, spaceRegistry, options.allowModule);
      const stopping = summary.configuration.stopping === undefined ? null : stoppingSummaryOf(all);
      const document = { study, ...studyDocument(summary), stopping, trials: trials.map(trialDocument) };
      terminal.result(document, (colors, width) => {
        if (number === undefined)
          return `${studyText(summary, all, datasets, colors, width)}\n\n${trialTable(trials, measure)}`;
        return trials
          .map((trial) => trialText(trial, formatArchitecture(space, trial.architecture), measure, colors))
          .join('\n');
      });
      if (number === undefined)
        terminal.hint((colors) => colors.dim(`\n'nas show ${study} TRIAL' shows one with its curve.`));
    });
}

function trialNumbered(trials: readonly TrialRecord[], number: number, study: string): TrialRecord {
  const found = trials.find((trial) => trial.number === number);
  if (found !== undefined) return found;
  const range = trials.length === 0 ? 'it has none yet' : `they are 0 to ${trials.length - 1}`;
  throw new UsageError(`The study "${study}" has no trial ${number}: ${range}.`);
}

function trialTable(trials: readonly TrialRecord[], measure: Measure): string {
  const withFidelity = trials.some(({ fidelity }) => fidelity < 1);
  const shown = quantities.filter(({ name }) => trials.some(({ cost }) => typeof cost[name] === 'number'));
  return table(
    [
      ' trial',
      'state',
      ...(withFidelity ? [' fidelity'] : []),
      ` ${metricOf(measure.score, measure).title}`,
      ...shown.map(({ shortTitle }) => ` ${shortTitle}`),
      ' epochs',
      ' time',
      'reason',
    ],
    trials.map(({ number, state, fidelity, metrics, cost, curve, seconds, reason }) => [
      String(number),
      state,
      ...(withFidelity ? [percent(fidelity)] : []),
      scoreText(metrics, measure),
      ...shown.map(({ name, format }) => (typeof cost[name] === 'number' ? format.short(cost[name]) : '')),
      curve.length === 0 ? '' : String(curve.length),
      seconds === null ? '' : time(seconds),
      reason ?? '',
    ]),
  );
}
