/** @file `nas spaces`: the search spaces, their decisions and exact sizes. */
import type { Command } from 'commander';
import type { SearchSpace } from '../../space/space.js';
import { type CommandContext, createCommand } from '../frame.js';
import { fields, table, wrap } from '../table.js';
import type { Colors } from '../terminal.js';

export function spacesCommand({ terminal }: CommandContext): Command {
  return createCommand('spaces', {
    summary: 'list the search spaces, or show one with its decisions',
    example: 'nas spaces mobile',
  })
    .argument('[name]', 'the space to show, or a module file that exports one')
    .action(async (name: string | undefined) => {
      const { spaceRegistry } = await import('../../space/registry.js');
      const { referred } = await import('../../reference/reference.js');
      const shown = name === undefined ? spaceRegistry.all : [(await referred(name, spaceRegistry)).definition];
      terminal.result({ spaces: shown.map(describe) }, (colors, width) =>
        name === undefined ? listOf(shown) : shown.map((space) => details(space, colors, width)).join('\n'),
      );
      if (name === undefined) terminal.hint((colors) => colors.dim("\n'nas spaces NAME' shows the decisions of one."));
    });
}

const describe = ({ name, title, paper, description, decisions, notations, published }: SearchSpace) => ({
  name,
  title,
  paper,
  description,
  size: String(decisions.size()),
  decisions: decisions.describe().map(({ path, options }) => ({ path, options })),
  notations: notations.map((each) => ({ name: each.name, description: each.description })),
  published: published.map((each) => ({ name: each.name, source: each.source })),
});

const listOf = (shown: readonly SearchSpace[]): string =>
  table(
    ['space', ' architectures', 'title'],
    shown.map(({ name, title, decisions }) => [name, decisions.size().toLocaleString('en-US'), title]),
  );

function details(space: SearchSpace, colors: Colors, width: number): string {
  const { name, title, paper, description, decisions, notations, published } = space;
  return [
    `${colors.bold(name)}: ${title}`,
    '',
    wrap(description, Math.min(width, 100)),
    '',
    fields(
      [
        ['architectures', decisions.size().toLocaleString('en-US')],
        ['paper', paper],
        ...notations.map((each) => ['notation', `${each.name}: ${each.description}`] as const),
        ...published.map((each) => ['published', `${name}:${each.name} (${each.source})`] as const),
      ],
      width,
    ),
    '',
    table(
      ['decision', 'options'],
      decisions.describe().map(({ path, options }) => [path.replace(/^architecture\.?/, ''), listed(options)]),
    ),
  ].join('\n');
}

/** Options that fit on a screen; `--json` has all. */
const LISTED = 20;

const listed = (options: readonly string[]): string =>
  options.length <= LISTED ? options.join(', ') : `${options.slice(0, LISTED).join(', ')} … (${options.length} in all)`;
