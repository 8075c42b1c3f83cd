/** @file NAS-Bench-101 against its published code: fingerprints, channels, parameters, and how many cells there are. */
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectLaws } from '../../test/decision-laws.js';
import { canonicalJson } from '../json.js';
import { Random } from '../random.js';
import { vertexChannels } from './cells/nas-bench-101-cell.js';
import { cellHash, nasBench101 } from './nas-bench-101.js';
import { notationNamed } from './notations/notation.js';
import { costFunction } from './space.js';

const cifar10 = { channels: 3, height: 32, width: 32, classes: 10 };
const space = nasBench101();
const operations = ['conv3x3-bn-relu', 'conv1x1-bn-relu', 'maxpool3x3'];

/** A cell from edges `from-to` and one-letter operations 3, 1, m. */
function cellOf(edges: string, letters: string) {
  const size = letters.length + 2;
  const matrix = Array.from({ length: size }, () => Array<number>(size).fill(0));
  for (const [from = 0, to = 0] of edges.split(' ').map((edge) => edge.split('-').map(Number))) {
    (matrix[from] ?? [])[to] = 1;
  }
  const ops = ['input', ...[...letters].map((letter) => operations['31m'.indexOf(letter)]), 'output'];
  return space.parse(JSON.stringify({ matrix, ops }));
}

/** So many of the draws as their chance says, within four and a half standard errors. */
function expectShare(count: number, draws: number, chance: number): void {
  expect(Math.abs(count - draws * chance)).toBeLessThan(4.5 * Math.sqrt(draws * chance * (1 - chance)));
}

describe('nas-bench-101', () => {
  it('has as many cells as a count over all matrices of up to seven vertices gives', () => {
    // Full graphs of 2 to 7 vertices and at most nine edges, counted from graph_util.is_full_dag over all 2^21 matrices.
    const graphs = [1n, 2n, 10n, 121n, 1545n, 4793n];
    const total = graphs.reduce((sum, count, interior) => sum + count * 3n ** BigInt(interior), 0n);
    expect(total).toBe(1_293_208n);
    expect(space.decisions.size()).toBe(total);
  });

  it('keeps the laws of decisions', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => expectLaws(space.decisions, seed, { shifting: true, neighbourLimit: 60 })),
      { seed: 1, numRuns: 40 },
    );
  });

  it.each([
    // Computed with graph_util.hash_module of google-research/nasbench.
    ['0-1', '', '043721b9c7fe8c5fad811d47d83132ec'],
    ['0-1 1-2', '3', 'b49ac8c578b4561d79ac7087988f1c61'],
    ['0-1 1-2', 'm', '53cee42601ad14d661bb6878031d6acb'],
    ['0-1 0-2 1-2 2-3', 'mm', '001a6fcc8b38cbc515be788a86bdc804'],
    ['0-1 0-3 1-2 1-3 2-3', '3m', '842dff1b9c5aca2c13ffaa2db0b1eb29'],
    ['0-1 0-2 1-3 1-4 2-3 2-4 3-4', '313', '384a9c7bfb4cdf2efc5694dc5c4e866e'],
    ['0-1 0-2 0-4 1-3 1-4 2-3 3-4', '1m3', 'fee10697875153376343da66d33b60c5'],
    ['0-1 0-3 1-2 2-3 2-5 3-4 4-5', '3311', 'a2f377a698f0f80f36cc38fbe6f76d67'],
    ['0-1 0-2 0-3 0-4 1-3 1-4 2-4 3-4 4-5', 'm331', 'cd24134531f7b6477cc662694abc74a3'],
    ['0-1 0-2 1-3 1-4 2-3 3-4 4-5', 'm313', 'b89b11658dd12bac6938a9cb2583de52'],
    ['0-1 0-2 0-3 0-5 1-6 2-6 3-4 4-6 5-6', '1333m', '28cfc7874f6d200472e1a9dcd8650aa0'],
  ])('has the fingerprint of the published code: %s of %s', (edges, letters, hash) => {
    expect(cellHash(cellOf(edges, letters))).toBe(hash);
    expect(space.canonical(cellOf(edges, letters))).toBe(hash);
  });

  it('gives isomorphic cells one fingerprint', () => {
    expect(cellHash(cellOf('0-1 0-2 1-3 2-3', '31'))).toBe(cellHash(cellOf('0-1 0-2 1-3 2-3', '13')));
    expect(cellHash(cellOf('0-1 0-2 1-3 2-3', '31'))).not.toBe(cellHash(cellOf('0-1 1-2 2-3', '31')));
  });

  /** Three minutes: `NASTURTIUM_SLOW=1 npx vitest run src/space/nas-bench-101`. */
  it.runIf(process.env.NASTURTIUM_SLOW)(
    'has 423,624 cells up to isomorphism, as published',
    async () => {
      const hashes = new Set<string>();
      let cells = 0;
      for (const cell of space.decisions.enumerate()) {
        hashes.add(space.canonical(cell));
        // The test runner asks for a sign of life now and then.
        if (++cells % 10_000 === 0) await setImmediate();
      }
      expect(hashes.size).toBe(423_624);
    },
    1_800_000,
  );

  it.each([
    // The tests of model_builder.compute_vertex_channels.
    ['0-1 1-2 2-3', 8, 16, [8, 16, 16, 16]],
    ['0-1 0-2 1-3 2-3', 8, 15, [8, 8, 7, 15]],
    ['0-1 0-2 0-3 1-4 2-4 3-4', 8, 8, [8, 3, 3, 2, 8]],
  ])('shares channels as the published code does: %s', (edges, input, output, channels) => {
    expect(vertexChannels(input, output, cellOf(edges, '3'.repeat(channels.length - 2)))).toEqual(channels);
  });

  it('counts the parameters and multiply-accumulates of published cells', () => {
    const cost = costFunction(space, cifar10);
    expect(cost(space.parse('Inception-like'))).toMatchObject({ params: 2_694_282, macs: 402_002_944 });
    expect(cost(cellOf('0-1 1-2', '3')).params).toBe(10_177_674);
    expect(cost(cellOf('0-1', '')).params).toBe(882_570);
  });

  it('cuts wider features to the channels of a sum', () => {
    // Vertex 1 has 8 channels, since it leads to the output; vertex 2 has 7 and takes the first 7 of them.
    const { layers } = nasBench101({ channels: 15, stacks: 1, cells: 1 }).build(
      cellOf('0-1 0-2 1-2 1-3 2-3', '33'),
      cifar10,
    );
    expect(layers.find(({ name }) => name === 'cell0_0.vertex2.sliceChannels')?.shape).toEqual([7, 32, 32]);
    expect(layers.find(({ name }) => name === 'cell0_0.output.concat')?.shape).toEqual([15, 32, 32]);
  });

  it('prunes vertices without a path, and writes what it reads', () => {
    const text = JSON.stringify({
      matrix: [
        [0, 1, 1, 0, 0],
        [0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
        [0, 0, 0, 0, 0],
      ],
      ops: ['input', 'conv3x3-bn-relu', 'maxpool3x3', 'maxpool3x3', 'output'],
    });
    expect(space.format(space.parse(text))).toBe(
      '{"matrix":[[0,1,0],[0,0,1],[0,0,0]],"ops":["input","conv3x3-bn-relu","output"]}',
    );
  });

  it.each([
    ['{"matrix": [[0, 0], [0, 0]], "ops": ["input", "output"]}', 'has no path from its input to its output'],
    ['{"matrix": [[0, 1], [1, 0]], "ops": ["input", "output"]}', 'matrix[1][0] is 1; it must be 0, since edges lead'],
    ['{"matrix": [[0, 2], [0, 0]], "ops": ["input", "output"]}', 'matrix[0][1] is 2; it must be 0 or 1'],
    [
      '{"edges": [[0, 1]], "ops": ["input", "output"]}',
      'cannot be read: a cell of NAS-Bench-101 is {"matrix": …, "ops": …}',
    ],
    ['{"matrix": [[0, 1]], "ops": ["input", "output"]}', '"matrix" has as many rows and columns'],
    ['{"matrix": [[0, 1], [0, 0]], "ops": ["conv", "output"]}', '"ops" begins with "input"'],
    [
      '{"matrix": [[0,1,0],[0,0,1],[0,0,0]], "ops": ["input", "conv5x5", "output"]}',
      'architecture[0] is {"operation":"co',
    ],
    ['{"matrix": [[0, 1], [0]], "ops": ["input", "output"]}', 'matrix[1] has 1 entries, but there are 2 rows'],
    ['{"matrix": [[0, 1], [0, 0]], "ops": ["input", 3]}', '"ops" is ["input",3]; a cell'],
    ['{"matrix": 7, "ops": ["input", "output"]}', '"matrix" is 7; a cell'],
    ['(0, 1, 0, 0, 0)', 'has 5 numbers; a cell of n vertices has n·n'],
    ['(0, 1, 0, 0, 0, 9)', 'Operation 1 of "(0, 1, 0, 0, 0, 9)" is 9; allowed: 0 input, 1 output, 2 maxpool3x3'],
    ['(0, 1, 1, 0, 0, 1)', 'matrix[1][0] is 1; it must be 0'],
    ['ModelSpec(matrix=[[0, 1], [0, 0]])', 'cannot be read: a cell of NAS-Bench-101'],
    ['{"matrix"', 'neither JSON nor'],
    ['hello', 'neither JSON nor'],
  ])('refuses %s', (text, message) => {
    expect(() => space.parse(text)).toThrow(message);
  });

  it('reads cells as the benchmark, its table and NASLib print them', () => {
    const cell = space.parse('Inception-like');
    const { matrix, ops } = JSON.parse(space.format(cell));
    const rows = JSON.stringify(matrix);
    const numpy = `array([${rows.slice(1, -1).replaceAll('],', '],\n       ')}], dtype=int8)`;
    const python = `['${ops.join("', '")}']`;
    // A record of the benchmark's table, and the fields of a ModelSpec.
    const fixed = `{'module_adjacency': ${numpy}, 'module_operations': ${python}, 'trainable_parameters': 2694282}`;
    const spec = `{'original_matrix': np.${numpy}, 'original_ops': ${python}, 'valid_spec': True, 'data_format': None,}`;
    const text = JSON.stringify({ module_adjacency: rows, module_operations: python });
    const printed = rows.replaceAll(',', ' ');
    for (const written of [
      fixed,
      spec,
      text,
      `cell = api.ModelSpec(matrix=${rows}, ops=${python})`,
      `ModelSpec(${numpy},\n  ${python.replace("'input'", "np.str_('input')")})`,
      `{"ops": ${python}, "matrix": ${printed}}`,
      `{"ops": ${python}, "matrix": ${rows.replaceAll('0', 'False').replaceAll('1', 'np.True_')}}`,
      `(${[...matrix.flat(), ...[0, 3, 4, 4, 4, 2, 1]].join(', ')})`,
    ]) {
      expect(space.parse(written)).toEqual(cell);
    }
    const module = notationNamed(space, 'module').format(cell);
    expect(JSON.parse(module)).toEqual({ module_adjacency: matrix, module_operations: ops });
  });

  it('refuses more than nine edges', () => {
    const matrix = Array.from({ length: 6 }, (_, from) => Array.from({ length: 6 }, (__, to) => (from < to ? 1 : 0)));
    const ops = ['input', ...Array(4).fill('maxpool3x3'), 'output'];
    expect(() => space.parse(JSON.stringify({ matrix, ops }))).toThrow(/^architecture\[3\] is .*allowed: /);
  });

  it('mutates to any size', () => {
    const random = new Random(3);
    const start = space.parse('Inception-like');
    const mutants = Array.from({ length: 300 }, () => space.mutate(start, random));
    for (const mutant of mutants) expect(canonicalJson(space.decisions.validate(mutant))).toBe(canonicalJson(mutant));
    expect(new Set(mutants.map(canonicalJson)).size).toBeGreaterThan(150);
    expect(new Set(mutants.map(({ length }) => length)).size).toBeGreaterThan(3);
    const grown = Array.from({ length: 300 }, () =>
      space.mutate(space.parse(space.format(cellOf('0-1 1-2', '3'))), random),
    );
    expect(Math.max(...grown.map(({ length }) => length))).toBeGreaterThan(3);
  });

  /** Whether all seven vertices of a matrix lie on paths, and its edges are few enough: `edges[from][to]`. */
  const isWhole = (edges: readonly (readonly number[])[]) =>
    edges.flat().filter((edge) => edge === 1).length <= 9 &&
    [1, 2, 3, 4, 5, 6].every((to) => edges.some((row) => row[to] === 1)) &&
    [0, 1, 2, 3, 4, 5].every((from) => edges[from]?.includes(1));

  it('flips each edge with a chance of 1/7 and changes each operation with a chance of 1/5, as the published code does', () => {
    // mutate_spec in NASBench.ipynb of google-research/nasbench, with a mutation rate of 1.
    const [edgeChance, operationChance] = [1 / 7, 1 / 5];
    const parent = cellOf('0-1 0-2 1-3 2-4 3-5 4-5 5-6', '31m31');
    const read = (cell: typeof parent): { matrix: number[][]; ops: string[] } => JSON.parse(space.format(cell));
    const { matrix, ops } = read(parent);
    const pairs = matrix.flatMap((row, from) => [...row.keys()].filter((to) => to > from).map((to) => [from, to]));
    const flipped = (...chosen: readonly (readonly number[])[]) =>
      matrix.map((row, from) =>
        row.map((edge, to) => (chosen.some(([f, t]) => f === from && t === to) ? 1 - edge : edge)),
      );
    const ones = pairs.filter((pair) => isWhole(flipped(pair))).length;
    const twos = pairs.flatMap((one, index) =>
      pairs.slice(index + 1).filter((other) => isWhole(flipped(one, other))),
    ).length;
    // No flip is drawn again unless an operation changes.
    const likelihoods = [
      (1 - edgeChance) ** 2 * (1 - (1 - operationChance) ** 5),
      ones * edgeChance * (1 - edgeChance),
      twos * edgeChance ** 2,
    ];

    const random = new Random(4);
    const mutants = Array.from({ length: 12_000 }, () => read(space.mutate(parent, random))).filter(
      (mutant) => mutant.ops.length === 7,
    );
    const flips = (mutant: (typeof mutants)[number]) =>
      pairs.filter(([from = 0, to = 0]) => mutant.matrix[from]?.[to] !== matrix[from]?.[to]).length;
    const byFlips = [0, 1, 2].map((count) => mutants.filter((mutant) => flips(mutant) === count));
    const [few, likely] = [byFlips.flat().length, likelihoods.reduce((sum, each) => sum + each)];
    for (const [count, likelihood] of likelihoods.entries()) {
      expectShare(byFlips[count]?.length ?? 0, few, likelihood / likely);
    }
    // Where an edge is flipped, operations change independently of that.
    const changed = mutants.filter((mutant) => flips(mutant) > 0);
    for (const vertex of [1, 2, 3, 4, 5]) {
      for (const operation of operations) {
        const share = operation === ops[vertex] ? 1 - operationChance : operationChance / 2;
        expectShare(changed.filter((mutant) => mutant.ops[vertex] === operation).length, changed.length, share);
      }
    }
  });
});
