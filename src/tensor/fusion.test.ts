import { describe, expect, test } from 'vitest';
import { fuseIntoConvolutions } from './fusion.js';
import { BLOCKED_DOMAIN } from './layout.js';
import type { OnnxNode } from './onnx.js';

const node = (operator: string, input: string, output: string, domain = ''): OnnxNode => ({
  operator,
  domain,
  inputs: [input],
  outputs: [output],
  attributes: {},
});
const fuse = (nodes: readonly OnnxNode[], blocked: readonly string[] = []) =>
  fuseIntoConvolutions(nodes, (name) => blocked.includes(name));

const conv = node('Conv', 'x', 'y', BLOCKED_DOMAIN);
const relu = node('Relu', 'y', 'z');

describe('fusing activations', () => {
  test('a blocked convolution applies the ReLU that alone reads it', () => {
    const after = node('Neg', 'z', 'w');
    expect(fuse([conv, relu, after])).toEqual([{ ...conv, outputs: ['z'], attributes: { activation: 'Relu' } }, after]);
  });

  test('a result that others read too stays as it is', () => {
    const nodes = [conv, relu, node('Neg', 'y', 'w')];
    expect(fuse(nodes)).toEqual(nodes);
  });

  test('standard convolutions, other operators and other activations stay as they are', () => {
    for (const nodes of [
      [node('Conv', 'x', 'y'), relu],
      [node('MaxPool', 'x', 'y', BLOCKED_DOMAIN), relu],
      [conv, node('Sigmoid', 'y', 'z')],
    ]) {
      expect(fuse(nodes)).toEqual(nodes);
    }
  });
});

describe('fusing sums', () => {
  const sum: OnnxNode = { ...node('Add', 'other', 'sum'), inputs: ['other', 'y'] };

  test('a blocked convolution adds the blocked value that its result alone is added to, and then applies the ReLU', () => {
    const whole = { ...conv, inputs: ['x', '', '', 'other'], outputs: ['z'], attributes: { activation: 'Relu' } };
    expect(fuse([conv, sum, node('Relu', 'sum', 'z')], ['y', 'other'])).toEqual([whole]);
  });

  test('it stands where the sum stood, behind what makes the other value', () => {
    const other = node('Sigmoid', 'q', 'other');
    const fused = { ...conv, inputs: ['x', '', '', 'other'], outputs: ['sum'] };
    expect(fuse([conv, other, sum], ['y', 'other'])).toEqual([other, fused]);
  });

  test('values that are not blocked, which may have another shape, and results that others read stay as they are', () => {
    expect(fuse([conv, sum], ['y'])).toEqual([conv, sum]);
    const read = [conv, sum, node('Neg', 'y', 'w')];
    expect(fuse(read, ['y', 'other'])).toEqual(read);
  });

  test('a convolution adds one value, not two', () => {
    const second: OnnxNode = { ...node('Add', 'sum', 'total'), inputs: ['sum', 'third'] };
    const fused = { ...conv, inputs: ['x', '', '', 'other'], outputs: ['sum'] };
    expect(fuse([fused, second], ['sum', 'third'])).toEqual([fused, second]);
  });

  test('of two convolutions that are added one adds the other', () => {
    const second = node('Conv', 'q', 'other', BLOCKED_DOMAIN);
    expect(fuse([conv, second, sum], ['y', 'other'])).toHaveLength(2);
  });
});
