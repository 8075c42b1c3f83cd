/** @file The networks of NASNet, AmoebaNet and PNAS cost what their authors' code costs. */
import { describe, expect, it } from 'vitest';
import { Network } from '../../nn/network.js';
import { unusedStates } from './block-cell.js';
import { nasnetA, pnasnet5 } from './nasnet-genotypes.js';
import { type NasnetNetworkOptions, nasnetNetwork } from './nasnet-network.js';
import { amoebanetOperators, nasnetOperators, pnasOperators } from './nasnet-operators.js';
import { nasnetNetworks } from './nasnet-presets.js';
import { type OperatorSet, operatorNamed, operatorNames } from './operator.js';

function network(name: string): Network {
  const preset = nasnetNetworks[name];
  if (preset === undefined) throw new Error(`no preset ${name}`);
  return preset.build(preset);
}

const cifar: NasnetNetworkOptions = {
  input: { channels: 3, height: 32, width: 32 },
  classes: 10,
  operators: nasnetOperators,
  channels: 32,
  cells: 18,
  stem: 'cifar',
};

describe('published cell networks', () => {
  it.each([
    // Keras' NASNetLarge and NASNetMobile have 88,949,818 and 5,326,716 with the statistics of their norms, which are twice
    // 98,334 and 18,369.
    ['nasnet_a_large', 88_949_818 - 196_668, 23_783_414_658],
    ['nasnet_a_mobile', 5_326_716 - 36_738, 563_638_816],
    ['nasnet_a_cifar', 3_346_538, 544_333_312],
    // Its paper: 86.1 M and 25.0 B, 5.1 M and 588 M.
    ['pnasnet_5_large', 86_057_668, 24_937_395_792],
    ['pnasnet_5_mobile', 5_064_487, 587_293_200],
    // Its paper: 86.7 M and 23.1 B; 155.3 M and 41.1 B. Its released code refuses the odd widths that F = 190 has in the stem;
    // here the odd channel of a factorised reduction is in its second half, as in NASNet's code.
    ['amoebanet_a', 86_718_797, 23_133_663_507],
    ['amoebanet_c', 155_272_667, 41_129_488_875],
  ])('%s has %i parameters and %i multiply-accumulates', (name, params, macs) => {
    expect(network(name).cost()).toMatchObject({ params, macs });
  });

  it('counts AmoebaNet-A at F = 448 as its authors do, at both resolutions', () => {
    const preset = nasnetNetworks.amoebanet_a_448;
    const macs = [331, 299].map(
      (side) => preset?.build({ input: { channels: 3, height: side, width: side }, classes: 1000 }).cost().macs,
    );
    expect(macs).toEqual([126_520_757_776, 103_887_693_968]);
  });

  it.each([
    ['nasnet_a_large', [4032, 11, 11]],
    ['nasnet_a_mobile', [1056, 7, 7]],
    ['nasnet_a_cifar', [768, 8, 8]],
    ['pnasnet_5_large', [4320, 11, 11]],
  ])('%s ends in a map of %j', (name, shape) => {
    expect(network(name).layers.findLast((layer) => layer.kind.kind === 'concat')?.shape).toEqual(shape);
  });

  it('adds an auxiliary head before the second reduction, for training', () => {
    const [plain, both] = [network('nasnet_a_cifar'), network('nasnet_a_cifar_auxiliary')];
    expect(both.outputShape).toEqual([10]);
    // 1×1 from the 6·64 channels at 16×16, which the pool takes to 4×4.
    const head = 384 * 128 + 256 + 128 * 768 * 16 + 2 * 768 + 769 * 10;
    expect(both.cost().params - plain.cost().params).toBe(head);
  });
});

describe('the skeleton', () => {
  it('puts reductions before normal cells, or in their place', () => {
    const kinds = (reductions: 'between' | 'instead') => {
      const cells = nasnetNetwork(
        { normal: pnasnet5, reduction: pnasnet5 },
        { ...cifar, operators: pnasOperators, cells: 6, reductions },
      );
      const sizes = cells.layers.filter(({ name }) => /^cell\d+\.concat$/.test(name)).map(({ shape }) => shape[1]);
      return sizes;
    };
    expect(kinds('between')).toEqual([32, 32, 16, 16, 16, 8, 8, 8]);
    expect(kinds('instead')).toEqual([32, 32, 16, 16, 8, 8]);
  });

  it.each([
    [false, 'cell1'],
    [true, 'cell0'],
  ])('with skipReductionInput %s gives the cell behind a reduction the output of %s', (skipReductionInput, before) => {
    const { layers } = nasnetNetwork(nasnetA, { ...cifar, channels: 4, cells: 6, skipReductionInput });
    const source = (name: string) => layers.find((layer) => layer.name === name)?.inputs[0].name;
    // Cells 0, 1, 3, 4, 6 and 7 are normal; the previous cell is state 0, the one before it state 1.
    expect(source('cell3.input0.relu')).toBe('cell2.concat');
    expect(source('cell3.input1.factorizedReduction.relu')).toBe(`${before}.concat`);
    expect(source('cell1.input1.relu')).toBe('stem.conv.norm');
    expect(source('cell4.block0_left.0.sep_conv_5x5.relu')).toBe('cell4.input0.batchNorm');
  });

  it('needs a cell for each stage', () => {
    expect(() => nasnetNetwork(nasnetA, { ...cifar, cells: 2 })).toThrow(RangeError);
  });

  it('puts reduction k before normal cell floor(k · N / 3), and a ReLU before the classifier', () => {
    // nasnet_utils.calc_reduction_layers of the released code rounds down: of four normal cells 1 and 2 come behind a reduction.
    const { layers } = nasnetNetwork(nasnetA, { ...cifar, channels: 4, cells: 4 });
    const sides = ['cell0', 'cell1', 'cell2', 'cell3', 'cell4', 'cell5'].map(
      (cell) => layers.findLast(({ name }) => name.startsWith(`${cell}.`))?.shape[1],
    );
    expect(sides).toEqual([32, 16, 16, 8, 8, 8]);
    expect(layers.filter(({ name }) => name.startsWith('head.')).map(({ kind }) => kind.kind)[0]).toBe('activation');
  });

  it.each([
    [8, 1],
    [1, 8],
  ])('takes maps that shrink along one axis only: %i×%i', (height, width) => {
    const built = nasnetNetwork(nasnetA, { ...cifar, input: { channels: 3, height, width }, channels: 4, cells: 3 });
    expect(built.outputShape).toEqual([10]);
  });

  it('takes odd maps and one channel', () => {
    const built = nasnetNetwork(nasnetA, {
      ...cifar,
      input: { channels: 1, height: 27, width: 29 },
      channels: 2,
      cells: 3,
    });
    expect(built.outputShape).toEqual([10]);
  });
});

describe('operators', () => {
  const sets: readonly (readonly [string, OperatorSet])[] = [
    ['NASNet', nasnetOperators],
    ['AmoebaNet', amoebanetOperators],
    ['PNAS', pnasOperators],
  ];
  const named = sets.flatMap(([set, operators]) => operatorNames(operators).map((name) => ({ set, name, operators })));

  it.each(named)('$set: $name gives the channels and the size that it is asked for', ({ name, operators }) => {
    for (const [side, stride, half] of [
      [7, 1, 7],
      [7, 2, 4],
      [8, 1, 8],
      [8, 2, 4],
    ] as const) {
      for (const channels of [3, 6]) {
        const image = { channels: 6, height: side, width: side };
        const built = Network.build(image, (x) => operatorNamed(operators, name).build(x, { channels, stride }));
        expect(built.outputShape).toEqual([channels, half, half]);
      }
    }
  });

  it.each([
    ['conv_1x7_7x1', nasnetOperators, 2 * 7 * 64 + 32],
    ['conv_1x7_7x1', amoebanetOperators, 16 + 2 * 7 * 4 + 16 + 3 * 4 + 16],
    ['conv_3x3', nasnetOperators, 9 * 64 + 16],
    ['conv_3x3', amoebanetOperators, 16 + 9 * 4 + 16 + 2 * 4 + 16],
    ['sep_conv_5x5', nasnetOperators, 2 * (25 * 8 + 64 + 16)],
    ['identity', nasnetOperators, 0],
  ] satisfies [string, OperatorSet, number][])('%s has the parameters of its definition', (name, operators, params) => {
    const built = Network.build({ channels: 8, height: 4, width: 4 }, (x) =>
      operatorNamed(operators, name).build(x, { channels: 8, stride: 1 }),
    );
    expect(built.cost().params).toBe(params);
  });
});

describe('the states that no block takes', () => {
  it('are fewer than NASNet-A joins, but all that remain', () => {
    expect(unusedStates(nasnetA.normal.blocks)).toEqual([2, 3, 4, 5, 6]);
    expect(unusedStates(nasnetA.reduction.blocks)).toEqual([4, 5, 6]);
  });
});
