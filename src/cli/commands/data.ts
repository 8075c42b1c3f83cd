/** @file `nas data`: the datasets that go by a name, and what else can be given as data. */
import type { Command } from 'commander';
import type { DatasetDefinition } from '../../data/registry.js';
import { type CommandContext, createCommand } from '../frame.js';
import { fields, table, whole } from '../table.js';

export function dataCommand({ terminal }: CommandContext): Command {
  return createCommand('data', {
    summary: 'list the built-in datasets, or show one',
    example: 'nas data fashion-mnist',
  })
    .argument('[name]', 'the dataset to show')
    .action(async (name: string | undefined) => {
      const { datasetRegistry } = await import('../../data/registry.js');
      const shown = name === undefined ? datasetRegistry.all : [datasetRegistry.named(name)];
      terminal.result({ data: shown.map(describe) }, (colors, width) =>
        name === undefined
          ? table(
              ['data', ' images', 'shape', ' classes', 'title'],
              shown.map((each) => [
                each.name,
                whole(each.images),
                shapeOf(each),
                String(each.classes.length),
                each.title,
              ]),
            )
          : shown.map((each) => `${colors.bold(each.name)}: ${each.title}\n\n${details(each, width)}`).join('\n'),
      );
      if (name === undefined) {
        terminal.hint((colors) =>
          colors.dim(
            '\n--data also takes a folder with one sub-folder per class (optionally below train/, valid/, test/) of JPEG, PNG\n' +
              'or WebP files, an .npz with x_train, y_train, x_test, y_test, and folders of IDX or CIFAR-10 binary files.',
          ),
        );
      }
    });
}

const describe = ({ name, title, origin, licence, images, shape, classes, options }: DatasetDefinition) => ({
  name,
  title,
  origin,
  licence,
  images,
  shape,
  classes,
  options: options.map(({ reference, meaning }) => ({ reference, meaning })),
});

const shapeOf = ({ shape }: DatasetDefinition): string => `${shape.channels}×${shape.height}×${shape.width}`;

const details = (dataset: DatasetDefinition, width: number): string =>
  [
    fields(
      [
        ['images', whole(dataset.images)],
        ['shape', shapeOf(dataset)],
        ['classes', dataset.classes.join(', ')],
        ['origin', dataset.origin],
        ['licence', dataset.licence],
      ],
      width,
    ),
    '',
    fields(
      dataset.options.map(({ reference, meaning }) => [`--data ${reference}`, meaning] as const),
      width,
    ),
  ].join('\n');
