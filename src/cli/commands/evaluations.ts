/** @file `nas evaluations`: the ways to give a candidate its score, and their settings. */
import type { Command } from 'commander';
import { type CommandContext, createCommand } from '../frame.js';
import { describeSettings, settingsTable } from '../settings.js';
import { fields, table } from '../table.js';

export function evaluationsCommand({ terminal }: CommandContext): Command {
  return createCommand('evaluations', {
    summary: 'list the ways to evaluate a candidate, or show one with its settings',
    example: 'nas evaluations train',
  })
    .argument('[name]', 'the evaluation to show, or a module file that exports one')
    .action(async (name: string | undefined) => {
      const { evaluationRegistry } = await import('../../evaluation/registry.js');
      const { referred } = await import('../../reference/reference.js');
      const chosen =
        name === undefined ? evaluationRegistry.all : [(await referred(name, evaluationRegistry)).definition];
      const shown = chosen.map((each) => ({
        name: each.name,
        title: each.title,
        paper: each.paper,
        description: each.description,
        weakness: each.weakness ?? null,
        choices: (each.choices ?? []).map(({ name: choice, title, paper, description, weakness }) => {
          return { name: choice, title, paper, description, weakness };
        }),
        settings: describeSettings(each.settings),
      }));
      terminal.result({ evaluations: shown }, (colors, width) =>
        name === undefined
          ? table(
              ['evaluation', 'title', 'paper'],
              shown.map((each) => [each.name, each.title, each.paper]),
            )
          : shown
              .map((each) =>
                [
                  `${colors.bold(each.name)}: ${each.title}`,
                  '',
                  fields(
                    [
                      ['paper', each.paper],
                      ['what it does', each.description],
                      ...(each.weakness === null ? [] : [['known weakness', each.weakness] as const]),
                    ],
                    width,
                  ),
                  '',
                  settingsTable(each.settings),
                  ...each.choices.flatMap((choice) => [
                    '',
                    `${colors.bold(choice.name)}: ${choice.title}`,
                    fields(
                      [
                        ['paper', choice.paper],
                        ['what it is', choice.description],
                        ['known weakness', choice.weakness],
                      ],
                      width,
                    ),
                  ]),
                ].join('\n'),
              )
              .join('\n'),
      );
    });
}
