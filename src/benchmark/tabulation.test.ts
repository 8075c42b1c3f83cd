/** @file Tables of scores: what is read, which columns play which part, and what is refused. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tableNamed } from './shipped-tables.js';
import { Tabulation } from './tabulation.js';

const folder = mkdtempSync(join(tmpdir(), 'tabulation-'));
const cell = (operator: string) =>
  `|${operator}~0|+|${operator}~0|${operator}~1|+|${operator}~0|${operator}~1|${operator}~2|`;
const [convolution, skip] = [cell('nor_conv_3x3'), cell('skip_connect')];

function fileOf(text: string, name = 'table.csv'): string {
  const file = join(folder, name);
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(text) : text);
  return file;
}

const small = `arch,size,valid_1,valid_9,test_1,test_9,seconds
${convolution},9,1,2,3,4,50
${skip},1,5,,7,8,20
`;

describe('a tabulated benchmark', () => {
  it('is read from CSV, packed or not, with the space found by its notation', async () => {
    for (const name of ['table.csv', 'table.csv.gz']) {
      const table = await Tabulation.read(fileOf(small, name));
      expect(table.space.name).toBe('nas-bench-201');
      expect(table.size).toBe(2);
      expect(table.rowOf(table.space.parse(skip))).toBe(1);
      expect(table.rowOf(table.space.parse(cell('none')))).toBeUndefined();
    }
  });

  it('has its architectures in the column that is named, in any notation', async () => {
    const text = 'cell,val_acc,test_acc\n"(0, 0, 0, 0, 0, 0)",1,2\n15624,3,4\n';
    const table = await Tabulation.read(fileOf(text), { archColumn: 'cell', space: 'nas-bench-201' });
    expect(table.rowOf(table.space.parse(skip))).toBe(0);
    expect(table.columns).toMatchObject({
      architectures: { column: 'cell' },
      signal: { column: 'val_acc' },
      target: { column: 'test_acc' },
    });
    expect([...(table.fidelities[0]?.scores ?? [])]).toEqual([1, 3]);
    await expect(Tabulation.read(fileOf(text), { archColumn: 'cel' })).rejects.toThrow(
      /There is no column "cel" in .* \(did you mean cell\?\)/,
    );
  });

  it('has the validation column of least epochs for its signal and the test column of most for its target', async () => {
    const table = await Tabulation.read(fileOf(small));
    expect(table.fidelities.map(({ column, share }) => [column, share])).toEqual([['valid_1', 1]]);
    expect(table.target.column).toBe('test_9');
    expect(table.optimum).toBe(8);
  });

  it('has a fidelity for each column that fits a pattern', async () => {
    const table = await Tabulation.read(fileOf(small), { signal: 'valid_*', target: 'test_1', time: 'seconds' });
    expect(table.fidelities.map(({ share }) => share)).toEqual([1 / 9, 1]);
    expect(table.fidelityOf(1).column).toBe('valid_9');
    expect(table.fidelityOf(1 / 3).column).toBe('valid_1');
    expect(table.fidelityOf(1 / 81).column).toBe('valid_1');
    expect(table.fidelityOf(1).scores[1]).toBeNaN();
    expect([...(table.seconds ?? [])]).toEqual([50, 20]);
  });

  it('tells costs under their names', async () => {
    const table = await Tabulation.read(fileOf(small), { costs: ['params=size', 'seconds'] });
    expect(table.costOf(table.space.parse(convolution))).toEqual({ params: 9, seconds: 50 });
  });

  it('has the rows of isomorphic cells for those without one, unless they are to be different', async () => {
    // An edge that does nothing: 1x1 convolutions into node 2, or none, where node 3 reads the input alone.
    const twin = (operator: string) => `|none~0|+|${operator}~0|none~1|+|nor_conv_3x3~0|none~1|none~2|`;
    const text = `arch,x\n${twin('none')},1\n${twin('nor_conv_1x1')},2\n`;
    const table = await Tabulation.read(fileOf(text));
    const rowsOf = (read: Tabulation) =>
      ['none', 'nor_conv_1x1', 'avg_pool_3x3'].map((operator) => read.rowOf(read.space.parse(twin(operator))));
    expect(rowsOf(table)).toEqual([0, 1, 0]);
    const apart = await Tabulation.read(fileOf(text), { isomorphs: true });
    expect(rowsOf(apart)).toEqual([0, 1, undefined]);
  });

  it.each([
    ['arch,x\nnonsense,1\n', {}, /can be read by no space: name the right one with --space/],
    [`arch,x\n${skip},1\nnonsense,1\n`, {}, /^Record 2 of .* is no architecture of nas-bench-201: /],
    [`arch,x\n${skip},1\n${skip},1\n`, {}, /^Records 1 and 2 of .* are the same architecture/],
    [`arch,x\n${skip},one\n`, {}, /^Record 1 of .* has "one" as its x, which must be a number\./],
    [
      `name,x\n${skip},1\n`,
      {},
      /has no column called "arch"; name the one .* with --arch-column\. The columns are name, x\./,
    ],
    [`arch,x\n${skip},Infinity\n`, {}, /^Record 1 of .* has "Infinity" as its x, which must be a number\./],
    [`arch\n${skip}\n`, {}, /has no column beside "arch"/],
    [`arch,x,x\n${skip},1,2\n`, {}, /has several columns "x"/],
    [`arch,valid,test\n${skip},nan,2\n`, {}, /^No record of .* has a number as its valid/],
    [`arch,valid,test\n${skip},1,\n`, {}, /^No record of .* has a number as its test/],
    [`arch,x,s\n${skip},1,-3\n`, { target: 'x', time: 's' }, /has "-3" as its s, which must be a number from 0 on/],
    [`arch,x,s\n${skip},1,\n`, { target: 'x', costs: ['s'] }, /has "" as its s, which must be a number from 0 on/],
    [small, { costs: ['size', 'size=seconds'] }, /^Two costs are called size: write one of them as NAME=seconds/],
    [small, { costs: ['=size'] }, /^A cost is "=size", but it must be COLUMN or NAME=COLUMN\./],
    [small, { signal: 'valid_10' }, /There is no column "valid_10" in .* \(did you mean valid_1\?\)/],
    [small, { signal: 'loss_*' }, /There is no column "loss_\*"/],
  ])('refuses what it cannot use: %j with %j', async (text, columns, message) => {
    await expect(Tabulation.read(fileOf(text), columns)).rejects.toThrow(message);
  });

  it('comes with the project for NAS-Bench-201 on CIFAR-10', async () => {
    const table = await Tabulation.read(tableNamed('nas-bench-201-cifar10'));
    expect(table.size).toBe(15_625);
    // Dong and Yang 2020, table 5, and NATS-Bench: the best test accuracy after 200 epochs, 94.37.
    expect(table.optimum).toBe(94.3733);
    expect([table.fidelityOf(1).column, table.target.column]).toEqual([
      'valid_accuracy_12_epochs',
      'test_accuracy_200_epochs',
    ]);
  });
});
