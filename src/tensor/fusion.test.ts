import { describe, expect, test } from 'vitest';
import { fuseActivations } from './fusion.js';
import { BLOCKED_DOMAIN } from './lowering.js';
import type { OnnxNode } from './onnx.js';

const node = (operator: string, input: string, output: string, domain = ''): OnnxNode => ({
  operator,
  domain,
  inputs: [input],
  outputs: [output],
  attributes: {},
});
const conv = node('Conv', 'x', 'y', BLOCKED_DOMAIN);
const relu = node('Relu', 'y', 'z');

describe('fusing activations', () => {
  test('a blocked convolution applies the ReLU that alone reads it', () => {
    const after = node('Neg', 'z', 'w');
    expect(fuseActivations([conv, relu, after])).toEqual([
      { ...conv, outputs: ['z'], attributes: { activation: 'Relu' } },
      after,
    ]);
  });

  test('a result that others read too stays as it is', () => {
    const nodes = [conv, relu, node('Neg', 'y', 'w')];
    expect(fuseActivations(nodes)).toEqual(nodes);
  });

  test('standard convolutions, other operators and other activations stay as they are', () => {
    for (const nodes of [
      [node('Conv', 'x', 'y'), relu],
      [node('MaxPool', 'x', 'y', BLOCKED_DOMAIN), relu],
      [conv, node('Sigmoid', 'y', 'z')],
    ]) {
      expect(fuseActivations(nodes)).toEqual(nodes);
    }
  });
});
