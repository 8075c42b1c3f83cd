/** @file `nas convert` and what `nas spaces` says of notations, without a process. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { noSignals } from '../../../test/cli/no-signals.js';
import { Interruption } from '../interruption.js';
import { createProgram } from '../program.js';
import { Terminal } from '../terminal.js';

async function documentOf(...args: string[]) {
  const stdout = new PassThrough();
  const terminal = new Terminal({ stdout, stderr: new PassThrough(), env: {}, mode: 'json' });
  const interruption = new Interruption(terminal, noSignals);
  await createProgram({ terminal, interruption }).parseAsync(args, { from: 'user' });
  return JSON.parse(String(stdout.read()));
}

const cell = '|avg_pool_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_1x1~0|avg_pool_3x3~1|nor_conv_3x3~2|';
const inSpace = ['--space', 'nas-bench-201'];

describe('nas convert', () => {
  it.each([
    [['(4, 0, 3, 3, 4, 2)'], 'arch-string', cell],
    [[cell, '--to', 'naslib'], 'naslib', '(4, 0, 3, 3, 4, 2)'],
    [
      ['6111', '--to', 'arch-string'],
      'arch-string',
      '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|',
    ],
    [
      ['all_c3x3', '--to', 'json'],
      'json',
      '[["nor_conv_3x3"],["nor_conv_3x3","nor_conv_3x3"],["nor_conv_3x3","nor_conv_3x3","nor_conv_3x3"]]',
    ],
  ])('%j writes %s', async (args, notation, architecture) => {
    expect(await documentOf('convert', ...args, ...inSpace)).toEqual({
      space: 'nas-bench-201',
      notation,
      architecture,
    });
  });

  it('refuses a notation that the space lacks, and lists those that it has', async () => {
    await expect(documentOf('convert', '6111', '--to', 'nasbench', ...inSpace)).rejects.toThrow(
      'The space "nas-bench-201" has no notation "nasbench"; it has arch-string, naslib, index, json.',
    );
  });

  it('finds its notations listed by nas spaces', async () => {
    const { spaces } = await documentOf('spaces', 'darts');
    expect(spaces[0].notations.map(({ name }: { name: string }) => name)).toEqual(['genotype', 'naslib', 'json']);
  });
});
