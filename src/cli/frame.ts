/** @file The frame of every command: its help, with defaults and an example, and errors in its arguments put into words. */
import { Command, type CommanderError } from 'commander';
import picocolors from 'picocolors';
import { UsageError } from '../error.js';
import { didYouMean } from '../suggestion.js';
import type { Interruption } from './interruption.js';
import { defaultOf } from './option.js';
import type { Terminal } from './terminal.js';

/** What a command is given by the program. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly interruption: Interruption;
}

export interface CommandText {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What the command does, in full sentences. Default: the summary. */
  readonly description?: string;
  /** A line that works as it stands. */
  readonly example: string;
}

/**
 * A command without arguments, options and action: those are up to the caller. Actions load what they need themselves:
 * help and wrong usage answer at once.
 */
export function createCommand(name: string, { summary, description, example }: CommandText): Command {
  const command = new Command(name)
    .summary(summary)
    .description(description ?? `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .showSuggestionAfterError(false)
    .helpOption('-h, --help', 'show this help')
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => picocolors.createColors(true).bold(title),
      optionDescription: (option) =>
        /^(-h|-V)/.test(option.flags) ? option.description : `${option.description} (${defaultOf(option)})`,
    })
    // What is wrong is told by the error that is thrown.
    .configureOutput({ outputError: () => {} })
    .addHelpText('after', `\nExample:\n  $ ${example}`);
  return command.exitOverride((error) => {
    throw error.exitCode === 0 || error.code === 'commander.help' ? error : usageError(command, error);
  });
}

/** What commander found wrong, with the nearest name and where to read on. */
function usageError(command: Command, { code, message }: CommanderError): UsageError {
  const found = /'([^']*)'/.exec(message)?.[1] ?? '';
  const help = `'${fullName(command)} --help' lists them`;
  switch (code) {
    case 'commander.unknownOption':
      return new UsageError(`There is no option ${found}${didYouMean(found, optionNames(command))}; ${help}.`);
    case 'commander.unknownCommand': {
      const names = command.commands.map((each) => each.name());
      return new UsageError(
        `There is no command "${found}"${didYouMean(found, names)}; the commands are ${names.join(', ')}.`,
      );
    }
    case 'commander.missingArgument':
      return new UsageError(
        `'${fullName(command)}' needs ${found.toUpperCase()}: ${fullName(command)} ${command.usage()}.`,
      );
    case 'commander.optionMissingArgument':
      return new UsageError(`The option ${found} needs a value.`);
    case 'commander.missingMandatoryOptionValue':
      return new UsageError(`'${fullName(command)}' needs the option ${found}.`);
    case 'commander.excessArguments':
      return new UsageError(
        `'${fullName(command)}' was given too many arguments: ${command.args.map((each) => `"${each}"`).join(', ')}. ` +
          `Its usage is ${fullName(command)} ${command.usage()}.`,
      );
    default:
      return new UsageError(`${message.replace(/^error: /, '').replace(/\.$/, '')}.`);
  }
}

const fullName = (command: Command): string =>
  command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;

const optionNames = (command: Command): string[] => [
  ...command.options.map((option) => option.long ?? option.flags),
  ...(command.parent === null ? ['--help'] : optionNames(command.parent)),
];
