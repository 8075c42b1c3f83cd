/** @file NAS-Bench-201 against its published table. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws, uniformityScore } from '../../test/decision-laws.js';
import { parseCsv } from '../benchmark/csv.js';
import { tableNamed } from '../benchmark/shipped-tables.js';
import { canonicalJson } from '../json.js';
import type { Feature } from '../nn/feature.js';
import { activation } from '../nn/layers/index.js';
import { Random } from '../random.js';
import { nasBench201Operators } from './cells/nas-bench-201-operators.js';
import { nasBench201Order } from './cells/nas-bench-201-order.js';
import { operatorNamed, operatorSet } from './cells/operator.js';
import { relax } from './decisions/relax.js';
import { cellExpression, nasBench201 } from './nas-bench-201.js';
import { notationNamed } from './notations/notation.js';
import { costFunction } from './space.js';

const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const space = nasBench201();
const allOf = (name: string) => space.parse(`|${name}~0|+|${name}~0|${name}~1|+|${name}~0|${name}~1|${name}~2|`);
const published = readFileSync(new URL('../../test/reference/nas-bench-201-costs.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .map(([, text = '', params, macs]) => ({ text, params: Number(params) * 1e6, flops: Number(macs) * 1e6 }));

describe('nas-bench-201', () => {
  it('has 15,625 cells, each once in its enumeration', () => {
    expect(space.decisions.size()).toBe(15_625n);
    expect(new Set([...space.decisions.enumerate()].map(space.format)).size).toBe(15_625);
  });

  it('has 6,466 cells up to isomorphism, as the paper counts', () => {
    const cells = [...space.decisions.enumerate()];
    expect(new Set(cells.map(space.canonical)).size).toBe(6466);
    expect(new Set(cells.map((cell) => cellExpression(cell, false))).size).toBe(12_751);
  });

  it('takes cells for equal that differ in skips, or in edges from where nothing arrives', () => {
    const equal = (first: string, second: string) =>
      expect(space.canonical(space.parse(first))).toBe(space.canonical(space.parse(second)));
    equal(
      '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|none~0|none~1|avg_pool_3x3~2|',
      '|skip_connect~0|+|none~0|nor_conv_3x3~1|+|none~0|none~1|avg_pool_3x3~2|',
    );
    equal(
      '|none~0|+|nor_conv_1x1~0|nor_conv_3x3~1|+|skip_connect~0|avg_pool_3x3~1|none~2|',
      '|none~0|+|avg_pool_3x3~0|skip_connect~1|+|skip_connect~0|nor_conv_1x1~1|none~2|',
    );
  });

  it('has 341 cells without a path from input to output', () => {
    const tiny = nasBench201({ channels: 1, cells: 1 });
    const pathless = [...tiny.decisions.enumerate()].filter((cell) => {
      const { image, layers, output } = tiny.build(cell, { channels: 1, height: 4, width: 4, classes: 2 });
      const reached = new Set<Feature>([image]);
      for (const layer of layers) {
        if (layer.kind.kind !== 'zeros' && layer.inputs.some((input) => reached.has(input))) reached.add(layer);
      }
      return !reached.has(output);
    });
    expect(pathless).toHaveLength(341);
  });

  it('takes other operators: one of the user’s own beside some of the paper’s', () => {
    const own = nasBench201({
      channels: 4,
      cells: 1,
      operators: operatorSet([
        ...['none', 'skip_connect'].map((name) => operatorNamed(nasBench201Operators, name)),
        { name: 'relu', build: (x) => activation(x, 'relu') },
      ]),
    });
    expect(own.decisions.size()).toBe(3n ** 6n);
    const cell = own.parse('|relu~0|+|skip_connect~0|none~1|+|relu~0|relu~1|relu~2|');
    const { layers } = own.build(cell, cifar10);
    expect(layers.filter(({ name }) => /^cell.*relu\.relu$/.test(name))).toHaveLength(4 * 3);
    expect(() => own.parse('|nor_conv_3x3~0|+|none~0|none~1|+|none~0|none~1|none~2|')).toThrow('allowed: none, skip_');
  });

  it('keeps the laws of decisions', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => expectLaws(space.decisions, seed)),
      { seed: 1, numRuns: 50 },
    );
    expect(Math.abs(uniformityScore(space.decisions, 150_000, 1))).toBeLessThan(4);
  });

  it('mutates one edge to another operator: 24 neighbours', () => {
    expect([...space.decisions.neighbours(allOf('none'))]).toHaveLength(24);
  });

  it('reads and writes the published notation', () => {
    const cell = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_1x1~1|none~2|';
    expect(space.format(space.parse(cell))).toBe(cell);
    for (const { text } of published) expect(space.format(space.parse(text))).toBe(text);
    expect(space.parse(JSON.stringify(space.parse(cell)))).toEqual(space.parse(cell));
  });

  it('reads that notation as code prints it', () => {
    const cell = '|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|nor_conv_1x1~1|none~2|';
    const blank = cell.replaceAll('+', ' + ').replaceAll('~', ' ~ ');
    for (const text of [blank, `'${cell}'`, `arch = "${cell}"`, `Structure(4 nodes with ${cell})`, `  ${cell}\n`]) {
      expect(space.format(space.parse(text))).toBe(cell);
    }
  });

  it('reads and writes the numbers of NASLib', () => {
    // What convert_op_indices_to_str of naslib/search_spaces/nasbench201/conversions.py gives.
    const cell = '|avg_pool_3x3~0|+|skip_connect~0|nor_conv_1x1~1|+|nor_conv_1x1~0|avg_pool_3x3~1|nor_conv_3x3~2|';
    const naslib = notationNamed(space, 'naslib');
    for (const text of ['(4, 0, 3, 3, 4, 2)', '[4,0,3,3,4,2]', ' 4 0 3 3 4 2', 'np.array([4, 0, 3, 3, 4, 2])']) {
      expect(space.format(space.parse(text))).toBe(cell);
    }
    expect(naslib.format(space.parse(cell))).toBe('(4, 0, 3, 3, 4, 2)');
  });

  it('numbers cells as the benchmark does', () => {
    const table = parseCsv(gunzipSync(readFileSync(tableNamed('nas-bench-201-cifar10'))).toString(), 'the table');
    const cells = nasBench201Order().map((place) => [...place.toString(5).padStart(6, '0')].map(Number));
    const operators = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'];
    expect(cells.map((edges) => edges.map((operator) => operators[operator]))).toEqual(
      table.records.map(([, cell = '']) => [...cell.matchAll(/\w+(?=~)/g)].map(([name]) => name)),
    );
    const index = notationNamed(space, 'index');
    for (const [number, cell = ''] of table.records.filter((_, row) => row % 500 === 0)) {
      expect(space.format(space.parse(`${number}`))).toBe(cell);
      expect(index.format(space.parse(cell))).toBe(number);
    }
  });

  it.each([
    ['15625', 'There is no cell 15625 of NAS-Bench-201; they are numbered from 0 to 15624.'],
    ['-1', 'There is no cell -1 of NAS-Bench-201'],
    ['0.5', 'There is no cell 0.5 of NAS-Bench-201'],
    ['(4, 0, 3, 1, 4)', "has 5 numbers; NASLib's notation has 6, one for each edge"],
    ['(4, 0, 3, 5, 4, 3)', 'Number 4 of "(4, 0, 3, 5, 4, 3)" is 5; allowed: 0 skip_connect, 1 none, 2 nor_conv_3x3'],
    ['Structure(4)', 'No notation of the space reads "Structure(…)"'],
    ['|nor_conv_5x5~0|+|none~0|none~1|+|none~0|none~1|none~2|', 'architecture[0][0] is "nor_conv_5x5"; allowed: none,'],
    ['|none~0|+|none~1|none~0|+|none~0|none~1|none~2|', 'is "none~1"; it must end in "~0"'],
    ['|none~0|+|none~0|none~1|', 'architecture has 2 items; allowed: 3 items.'],
    ['|none~0|+|none~0|+|none~0|none~1|none~2|', 'architecture[1] has 1 items; allowed: 2 items.'],
    ['none~0', 'it must be within "|" and "|"'],
    ['hello', 'neither JSON nor'],
  ])('refuses %s', (text, message) => {
    expect(() => space.parse(text)).toThrow(message);
  });

  it('counts the parameters and multiply-accumulates of the published table', () => {
    const cost = costFunction(space, cifar10);
    expect(published).toHaveLength(40);
    for (const { text, params, flops } of published) {
      const counted = cost(space.parse(text));
      expect(counted.params).toBe(Math.round(params));
      expect(counted.macs + cifar10.classes).toBe(Math.round(flops));
    }
  });

  it('counts other numbers of classes and other images as the benchmark does', () => {
    const convolutions = allOf('nor_conv_3x3');
    expect(space.build(convolutions, cifar10).cost()).toMatchObject({ params: 1_531_546, macs: 220_119_680 });
    expect(space.build(convolutions, { ...cifar10, classes: 100 }).cost().params).toBe(1_531_546 + 5_850);
    const imageNet16 = { channels: 3, height: 16, width: 16, classes: 120 };
    expect(space.build(convolutions, imageNet16).cost()).toMatchObject({ params: 1_538_696, macs: 55_037_440 });
  });

  it('has smaller skeletons for small budgets', () => {
    const small = nasBench201({ channels: 4, cells: 1 });
    expect(small.build(allOf('skip_connect'), cifar10).cost().params).toBeLessThan(6_000);
    const halved = space.build(allOf('nor_conv_1x1'), { ...cifar10, widthMultiplier: 0.5, resolution: 16 });
    expect(halved.input).toEqual({ channels: 3, height: 16, width: 16 });
    expect(halved.cost().params).toBeLessThan(241_306 / 3);
  });

  it('builds for images whose sides are odd or tiny', () => {
    for (const side of [1, 7, 8, 25]) {
      const target = { channels: 1, height: side, width: side, classes: 3 };
      expect(space.build(space.decisions.sample(new Random(side)), target).outputShape).toEqual([3]);
    }
  });

  it('relaxes to all operators on all edges, with one vector of weights an edge shared by all cells', () => {
    const network = nasBench201({ channels: 4, cells: 2 }).build(relax(space.decisions), cifar10);
    expect(network.architectureParameters).toEqual(
      [0, 1, 2].flatMap((node) =>
        Array.from({ length: node + 1 }, (_, from) => ({ name: `architecture[${node}][${from}]`, shape: [5] })),
      ),
    );
    const convolutions =
      network.cost().params - nasBench201({ channels: 4, cells: 2 }).build(allOf('none'), cifar10).cost().params;
    const channels = [4, 8, 16].reduce((sum, count) => sum + 2 * (10 * count ** 2 + 4 * count), 0);
    expect(convolutions).toBe(6 * channels);
  });

  it('names the layers of a decided cell as the relaxed network does', () => {
    const small = nasBench201({ channels: 4, cells: 1 });
    const supernet = new Map(
      small.build(relax(small.decisions), cifar10).parameters.map(({ name, shape }) => [name, shape]),
    );
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { parameters } = small.build(small.decisions.sample(new Random(seed)), cifar10);
        for (const { name, shape } of parameters) expect(supernet.get(name)).toEqual(shape);
      }),
      { seed: 2, numRuns: 20 },
    );
  });

  it('is JSON', () => {
    const cell = space.decisions.sample(new Random(1));
    expect(canonicalJson(JSON.parse(JSON.stringify(cell)))).toBe(canonicalJson(cell));
  });
});
