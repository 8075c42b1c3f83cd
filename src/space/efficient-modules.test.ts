/** @file The space of efficient modules: its size, its modules by hand, modules of one's own. */
import { describe, expect, it } from 'vitest';
import { convNorm } from '../nn/blocks/index.js';
import { efficientModuleOperators } from './cells/module-operators.js';
import { type CellOperator, operatorSet } from './cells/operator.js';
import { relax } from './decisions/relax.js';
import { efficientModules } from './efficient-modules.js';

const fashion = { channels: 1, height: 28, width: 28, classes: 10 };
const space = efficientModules();
const names = Object.keys(efficientModuleOperators);

const tiny = efficientModules({ stem: 16, stages: [{ channels: 16, stride: 1, blocks: 3 }], last: 8 });
/** Parameters beside the modules: stem, last convolution and classifier. */
const around = 9 * 16 + 2 * 16 + (16 * 8 + 2 * 8) + (8 * 10 + 10);
const moduleParams = (name: string) => tiny.build(tiny.parse(`${name},skip,skip`), fashion).cost().params - around;

describe('efficient-modules', () => {
  it('has 16 modules for the first block of each stage, and to skip for the 15 others', () => {
    expect(names).toHaveLength(16);
    expect(space.decisions.size()).toBe(16n ** 5n * 17n ** 15n);
    expect(() => space.parse(space.format([['skip']]))).toThrow('architecture has 1 items');
    expect(() => tiny.parse('skip,skip,skip')).toThrow('architecture[0][0] is "skip"; allowed: inverted_k3_e3,');
  });

  it.each([
    ['inverted_k5_e3', 16 * 48 + 96 + 25 * 48 + 96 + 48 * 16 + 32],
    ['fused_k3_e3', 9 * 16 * 48 + 96 + 48 * 16 + 32],
    ['squeeze_k3_e6', 16 * 96 + 192 + 9 * 96 + 192 + (96 * 24 + 24) + (24 * 96 + 96) + 96 * 16 + 32],
    ['shuffle_k3_g4', 4 * 16 + 32 + 9 * 16 + 32 + 4 * 16 + 32],
    ['separable_k5', 25 * 16 + 32 + 16 * 16 + 32],
  ])('%s has %i parameters', (name, params) => {
    expect(moduleParams(name)).toBe(params);
  });

  it.each(names)('%s changes channels and halves maps', (name) => {
    const strided = efficientModules({ stages: [{ channels: 24, stride: 2, blocks: 1 }], last: 8 });
    const { layers } = strided.build([[name]], fashion);
    expect(layers.findLast((layer) => layer.name.startsWith('stage1.'))?.shape).toEqual([24, 7, 7]);
  });

  it('takes networks as one that differ only in which block of a stage is left out', () => {
    const [one, other] = ['fused_k3_e3,skip,separable_k3', 'fused_k3_e3,separable_k3,skip'].map(tiny.parse);
    if (one === undefined || other === undefined) throw new Error('two were parsed');
    expect(tiny.canonical(one)).toBe(tiny.canonical(other));
    expect(tiny.build(one, fashion).cost()).toEqual(tiny.build(other, fashion).cost());
  });

  it('takes modules of one’s own', () => {
    const dense: CellOperator<'dense'> = {
      name: 'dense',
      build: (x, { channels, stride }) => convNorm(x, { out: channels, kernel: 3, stride, activation: 'relu' }),
    };
    const own = efficientModules({ operators: operatorSet([dense, efficientModuleOperators.separable_k3]) });
    expect(own.decisions.size()).toBe(2n ** 5n * 3n ** 15n);
    const text = new Array<string>(5).fill('dense,skip,separable_k3,skip').join(';');
    expect(own.build(own.parse(text), fashion).layers.some(({ name }) => name.includes('dense.conv2d'))).toBe(true);
  });

  it('opens every block in its supernet', () => {
    const network = tiny.build(relax(tiny.decisions), fashion);
    expect(network.architectureParameters.map(({ shape }) => shape[0])).toEqual([16, 17, 17]);
  });
});
