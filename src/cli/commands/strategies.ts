/** @file `nas strategies`: the search strategies and their settings. */
import type { Command } from 'commander';
import { type CommandContext, createCommand } from '../frame.js';
import { describeSettings, settingsTable } from '../settings.js';
import { fields, table, wrap } from '../table.js';

export function strategiesCommand({ terminal }: CommandContext): Command {
  return createCommand('strategies', {
    summary: 'list the search strategies, or show one with its settings',
    example: 'nas strategies regularized-evolution',
  })
    .argument('[name]', 'the strategy to show, or a module file that exports one')
    .action(async (name: string | undefined) => {
      const { strategyRegistry } = await import('../../strategy/registry.js');
      const { referred } = await import('../../reference/reference.js');
      const chosen = name === undefined ? strategyRegistry.all : [(await referred(name, strategyRegistry)).definition];
      const shown = chosen.map((each) => ({
        name: each.name,
        title: each.title,
        paper: each.paper,
        description: each.description,
        dependsOnOrder: each.dependsOnOrder,
        trainsNetwork: each.trainsNetwork ?? 'never',
        settings: describeSettings(each.settings),
      }));
      terminal.result({ strategies: shown }, (colors, width) =>
        name === undefined
          ? table(
              ['strategy', 'title', 'paper'],
              shown.map((each) => [each.name, each.title, each.paper]),
            )
          : shown
              .map((each) =>
                [
                  `${colors.bold(each.name)}: ${each.title}`,
                  '',
                  wrap(each.description, Math.min(width, 100)),
                  '',
                  fields([
                    ['paper', each.paper],
                    ['same trials', each.dependsOnOrder ? 'with one worker' : 'with any number of workers'],
                    ['a question', questions[each.trainsNetwork]],
                  ]),
                  '',
                  settingsTable(each.settings),
                ].join('\n'),
              )
              .join('\n'),
      );
    });
}

/** What a question takes, by whether the strategy trains networks. */
const questions = {
  never: 'needs no network',
  optional: 'milliseconds where its settings let it train networks',
  always: 'milliseconds: it trains a network',
};
