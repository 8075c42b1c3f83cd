/** @file Which columns play which part: by their names, by what the user says, or not at all. */
import { describe, expect, it } from 'vitest';
import { type NamedColumns, tableColumns } from './table-columns.js';

const chosen = (columns: string, named: NamedColumns = {}) => tableColumns(columns.split(' '), named, 'table.csv');
const parts = (columns: string, named?: NamedColumns) => {
  const { architectures, signal, target } = chosen(columns, named);
  return [architectures.column, signal.column, target.column];
};

describe('the columns of a table', () => {
  it.each([
    'val',
    'val_acc',
    'valid',
    'validation',
    'cifar10-val',
    'x_val_accuracy',
    'valAcc',
    'ValidationAccuracy',
    'VAL',
    'valacc',
    'dev_score',
  ])('are told by their names: %s is what strategies are told, not the test accuracy', (validation) => {
    for (const columns of [`arch test_acc ${validation} params`, `arch ${validation} test_acc params`]) {
      expect(parts(columns)).toEqual(['arch', validation, 'test_acc']);
    }
  });

  it.each([
    // Cheap to know, and what counts in the end.
    ['arch valid_12_epochs test_12_epochs valid_200_epochs test_200_epochs', 'valid_12_epochs', 'test_200_epochs'],
    ['arch val_200ep test_200ep test_12ep val_12ep', 'val_12ep', 'test_200ep'],
    ['arch val_loss val_acc test_loss test_acc test_time', 'val_acc', 'test_acc'],
    ['arch val_acc params flops', 'val_acc', 'val_acc'],
    ['arch val_e12 val_e200 params', 'val_e12', 'val_e200'],
    ['arch test params', 'test', 'test'],
    ['arch accuracy params', 'accuracy', 'accuracy'],
    ['arch x', 'x', 'x'],
    ['arch latest evaluation value accuracy', 'accuracy', 'accuracy'],
  ])('of %s are %s and %s', (columns, signal, target) => {
    expect(parts(columns)).toEqual(['arch', signal, target]);
  });

  it('are those that are named', () => {
    expect(parts('arch val_acc test_acc x y', { signal: 'x', target: 'y' })).toEqual(['arch', 'x', 'y']);
    expect(parts('arch val_a val_b test', { signal: 'val_*' })).toEqual(['arch', 'val_*', 'test']);
    expect(parts('arch cell val test', { archColumn: 'cell' })).toEqual(['cell', 'val', 'test']);
  });

  it.each(['architecture', 'arch_str', 'genotype', 'Architecture', 'arch-string'])(
    'hold architectures in %s',
    (name) => {
      expect(parts(`val ${name} test`)).toEqual([name, 'val', 'test']);
      expect(chosen(`val ${name} test`).architectures.reason).toBe('by its name, as there is no "arch"');
      expect(parts(`${name} arch val test`)[0]).toBe('arch');
    },
  );

  it('come with the reason', () => {
    const { signal, target } = chosen('arch val_1 val_2 params');
    expect(signal.reason).toBe('the validation column of the smallest number');
    expect(target.reason).toBe('the validation column of the largest number, as no column is one of test');
    expect(chosen('arch x').signal.reason).toBe('the target, as no column is one of validation');
    expect(chosen('arch val test', { signal: 'test' }).signal.reason).toBe('as named');
  });

  it.each([
    [
      'arch cifar10_val cifar100_val test',
      'Several columns of table.csv may be the signal: cifar10_val, cifar100_val. Name the right one with --signal.',
    ],
    [
      'arch val cifar10_test cifar100_test',
      'Several columns of table.csv may be the target: cifar10_test, cifar100_test. Name the right one with --target.',
    ],
    ['arch top1 f1 params', 'may be the target: top1, f1.'],
    ['arch params flops', 'may be the target: params, flops.'],
    [
      'arch val_loss test_acc',
      'The names of val_loss in table.csv do not tell scores of which more is better: name the signal with --signal.',
    ],
    ['arch val_acc test_error', 'do not tell scores of which more is better: name the target with --target.'],
    ['arch', 'table.csv has no column beside "arch"'],
    [
      'cell val',
      'table.csv has no column called "arch"; name the one that holds the architectures with --arch-column. The columns are cell, val.',
    ],
    ['architecture genotype val', 'several columns of architectures: architecture, genotype; name'],
  ])('are asked for where %s leaves them open', (columns, message) => {
    expect(() => chosen(columns)).toThrow(message);
  });
});
