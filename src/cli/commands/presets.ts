/** @file `nas presets`: published networks by name, with what they cost. */
import type { Command } from 'commander';
import { UsageError } from '../../error.js';
import { countedQuantities } from '../../quantity/quantity.js';
import { didYouMean } from '../../suggestion.js';
import { type CommandContext, createCommand } from '../frame.js';
import { costFields } from '../quantity-text.js';
import { fields, table, whole } from '../table.js';

export function presetsCommand({ terminal }: CommandContext): Command {
  return createCommand('presets', {
    summary: 'list published networks, or show one, with what they cost',
    description: 'Published networks with their own images and classes. `nas cost` and `nas train` take their names.',
    example: 'nas presets mobilenet_v2',
  })
    .argument('[name]', 'the preset to show')
    .action(async (name: string | undefined) => {
      const { namedNetworks } = await import('../../reference/named-network.js');
      const names = Object.keys(namedNetworks);
      if (name !== undefined && !Object.hasOwn(namedNetworks, name)) {
        throw new UsageError(`There is no preset "${name}"${didYouMean(name, names)}; \`nas presets\` lists them.`);
      }
      const presets = Object.entries(namedNetworks).flatMap(([each, preset]) => {
        if (name !== undefined && each !== name) return [];
        const { title, paper, input, classes } = preset;
        return [{ name: each, title, paper, input, classes, ...preset.build(preset).cost() }];
      });
      const images = ({ channels, height, width }: (typeof presets)[number]['input']) =>
        `${channels}×${height}×${width}`;
      terminal.result({ presets }, () =>
        name === undefined
          ? table(
              ['preset', 'images', ' classes', ...countedQuantities.map(({ shortTitle }) => ` ${shortTitle}`), 'title'],
              presets.map(({ input, classes, title, ...preset }) => [
                preset.name,
                images(input),
                whole(classes),
                ...countedQuantities.map(({ name: quantity, format }) => format.short(preset[quantity])),
                title,
              ]),
            )
          : presets
              .map(({ name: _, input, classes, title, paper, ...cost }) =>
                fields([
                  ['title', title],
                  ['paper', paper],
                  ['images', `${images(input)}, ${whole(classes)} classes`],
                  ...costFields({ ...cost }),
                ]),
              )
              .join('\n'),
      );
    });
}
