import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { noSignals } from '../../test/cli/no-signals.js';
import { Interruption } from './interruption.js';
import { createProgram } from './program.js';
import { Terminal } from './terminal.js';

const { stdout, stderr } = process;

function program(): Command {
  const terminal = new Terminal({ stdout, stderr, env: {}, mode: 'human' });
  const interruption = new Interruption(terminal, noSignals);
  return createProgram({ terminal, interruption });
}

const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHasColors: () => false,
    getOutHelpWidth: () => 400,
  });
  command.outputHelp();
  return text;
}

describe('the help', () => {
  const commands = leaves(program());

  it('knows every command of this version', () => {
    expect(commands.map((command) => command.name())).toEqual([
      'search',
      'resume',
      'studies',
      'show',
      'cost',
      'correlate',
      'train',
      'grow',
      'evaluate',
      'spaces',
      'presets',
      'strategies',
      'evaluations',
      'data',
      'sample',
      'convert',
      'score',
      'training',
      'inference',
      'spaces',
      'tabular',
      'curves',
      'stopping',
      'surrogates',
      'doctor',
    ]);
  });

  it.each(commands.map((command) => [command.name(), command] as const))(
    'of %s shows every option with its default, and an example',
    (_, command) => {
      const text = helpOf(command);
      for (const { long = '', description } of command.options) {
        const line = text.split('\n').find((each) =>
          each
            .trimStart()
            .replace(/^-\w, /, '')
            .startsWith(`${long} `),
        );
        expect(line).toContain(description);
        expect(line).toMatch(/\((default: .+|required)\)$/);
      }
      expect(text).toMatch(/Example:\n {2}\$ nas /);
      for (const name of ['--json', '--quiet', '--debug']) expect(text).toContain(name);
    },
  );

  it.each(commands.map((command) => [command.name(), command] as const))(
    'of %s has an example whose options there are',
    (_, command) => {
      const example = /\$ nas (.*)/.exec(helpOf(command))?.[1] ?? '';
      const known = [
        ...command.options.map(({ long }) => long),
        ...command.options.map(({ short }) => short),
        '--json',
      ];
      for (const option of example.replace(/".*?"/g, '').match(/(?<= )--?[a-z-]+/g) ?? [])
        expect(known).toContain(option);
    },
  );

  it('lists each command with a summary', () => {
    const text = helpOf(program());
    for (const name of ['search', 'doctor', 'bench']) expect(text).toMatch(new RegExp(`^ {2}${name} .* {2,}\\w`, 'm'));
  });
});
