/** @file The options of `nas search`: each sets the setting of a config whose row it comes from, and goes before a config file. */
import { type Command, Option } from 'commander';
import { UsageError } from '../error.js';
import { type Assignment, parseAssignment, type WrittenSettings } from '../reference/reference-text.js';
import { type SettingRow, searchSettings, settingRows } from '../search/settings.js';
import { allowedBy } from '../settings-error.js';
import { textOf } from './option.js';

/** @param rows The settings that the command has; all by default. */
export function addSearchOptions(
  command: Command,
  rows: readonly SettingRow[] = Object.values(searchSettings),
): Command {
  for (const row of rows) command.addOption(settingOption(row));
  return command.addOption(
    new Option('--set <key=value>', 'sets any key of the config, such as evaluation.epochs=2; may be repeated')
      .default(undefined, 'none')
      .argParser((text: string, others: readonly Assignment[] = []) => [...others, assignmentOf(text)]),
  );
}

/** The text is kept as it was given: the config is checked as a whole. */
function settingOption({ option, description, fallback, schema }: SettingRow): Option {
  const made = new Option(option, description).default(undefined, fallback);
  if (made.negate) return made;
  const name = option.replace(/ .*$/, '');
  return made.argParser((text: string) => {
    const result = schema.safeParse(textOf(name, text));
    if (result.success) return text;
    throw new UsageError(
      `The option ${name} is "${text}", but it must be ${result.error.issues.map(allowedBy).join(', ')}.`,
    );
  });
}

function assignmentOf(text: string): Assignment {
  const assignment = parseAssignment(text);
  if (typeof assignment !== 'string') return assignment;
  throw new UsageError(`The option --set is "${text}", but it must be ${assignment}.`);
}

/** What the user gave as options, by the name of the setting. */
export function givenOptions(command: Command): WrittenSettings {
  const given = settingRows.filter(([name]) => command.getOptionValueSource(name) === 'cli');
  return Object.fromEntries(given.map(([name]) => [name, command.getOptionValue(name)]));
}

/** The assignments of `--set`. */
export const givenAssignments = (command: Command): readonly Assignment[] => command.getOptionValue('set') ?? [];
