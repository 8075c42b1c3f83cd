/** @file Motifs: their number, the network of one, and what makes two the same. */
import { describe, expect, it } from 'vitest';
import { expectSmallLaws } from '../../../test/decision-laws.js';
import { Network } from '../../nn/network.js';
import { hierarchicalOperators } from './hierarchical-operators.js';
import { buildMotif, canonicalMotif, hasPath, type Motif, motifs } from './motif.js';

const parts = new Map(
  Object.values(hierarchicalOperators).map(({ name, build }) => [
    name,
    (x: Parameters<typeof build>[0]) => build(x, { channels: 4, stride: 1 }),
  ]),
);
const built = (motif: Motif) => Network.build({ channels: 4, height: 6, width: 6 }, (x) => buildMotif(x, motif, parts));

describe('motifs', () => {
  it('are those with a path, as many as are counted', () => {
    for (const nodes of [2, 3, 4]) {
      for (const operators of [['a'], ['a', 'b']]) {
        const decision = motifs(nodes, operators);
        const all = [...decision.enumerate()];
        expect(all.every(hasPath)).toBe(true);
        expect(BigInt(all.length)).toBe(decision.size());
      }
    }
    // 7^6 assignments of the paper's second level, less those without a path.
    expect(motifs(4, ['a', 'b', 'c', 'd', 'e', 'f']).size()).toBe(
      BigInt([...motifs(4, ['a', 'b', 'c', 'd', 'e', 'f']).enumerate()].length),
    );
  });

  it('keep the laws of decisions', () => {
    expectSmallLaws(motifs(3, ['a', 'b']));
  });

  it('without a path are refused', () => {
    expect(() => motifs(3, ['a']).validate([['a'], ['none', 'none']])).toThrow('no path leads from node 1 to node 3');
  });

  it('join edges by a 1×1 convolution where a node has several', () => {
    // A 1×1 convolution of 4 channels with norm has 16 + 8 parameters, one of two or three joined maps 32 + 8 or 48 + 8.
    expect(built([['conv_1x1']]).cost().params).toBe(24);
    expect(built([['conv_1x1'], ['none', 'conv_1x1']]).cost().params).toBe(48);
    expect(built([['conv_1x1'], ['identity', 'conv_1x1']]).cost().params).toBe(48 + 40);
    expect(
      built([['conv_1x1'], ['identity', 'conv_1x1'], ['identity', 'identity', 'max_pool_3x3']]).cost().params,
    ).toBe(48 + 40 + 56);
  });

  it('leave out what is on no path', () => {
    const bare = built([['none'], ['conv_1x1', 'none'], ['none', 'none', 'sep_conv_3x3']]).cost();
    const adorned = built([['none'], ['conv_1x1', 'conv_1x1'], ['none', 'conv_1x1', 'sep_conv_3x3']]).cost();
    const deadEnd = built([['conv_1x1'], ['conv_1x1', 'none'], ['none', 'none', 'sep_conv_3x3']]).cost();
    expect(adorned).toEqual(bare);
    expect(deadEnd).toEqual(bare);
  });

  it('are written alike if they are isomorphic once what is on no path is left out', () => {
    const words = (motif: Motif) => canonicalMotif(motif, (operator) => operator);
    const one: Motif = [['a'], ['b', 'none'], ['none', 'c', 'd']];
    expect(words([['b'], ['a', 'none'], ['none', 'd', 'c']])).toBe(words(one));
    expect(words([['b'], ['a', 'none'], ['none', 'c', 'd']])).not.toBe(words(one));
    expect(words([['a'], ['b', 'c'], ['none', 'none', 'd']])).not.toBe(
      words([['a'], ['b', 'none'], ['none', 'none', 'd']]),
    );
    expect(words([['a'], ['b', 'none'], ['none', 'none', 'd']])).toBe(words([['b'], ['none', 'd']]));
  });
});
