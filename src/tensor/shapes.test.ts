/** @file Operators refuse shapes that do not fit, with a RangeError that says them. */
import { expect, test } from 'vitest';
import * as t from './index.js';

let inputs = 0;
const of = (...shape: number[]): t.Tensor => t.input(`x${inputs++}`, shape);
const integers = (...shape: number[]): t.Tensor => t.input(`x${inputs++}`, shape, 'int32');

/** What is wrong, how it is called, and what the message must hold. */
const refused: [string, () => unknown, ...string[]][] = [
  ['a size below 0', () => t.input('x', [2, -1]), '[2, -1]'],
  ['a broken size', () => t.fill([1.5], 0), '[1.5]'],
  ['too few elements', () => t.constant([1, 2], [3]), '2 elements', '[3]'],
  ['sizes that do not broadcast', () => t.add(of(2, 3), of(2, 4)), '[2, 3]', '[2, 4]', '3 and 4'],
  ['integers in arithmetic', () => t.mul(of(2), integers(2)), 'float32 and int32'],
  ['comparing two dtypes', () => t.equal(of(2), integers(2)), 'float32 and int32'],
  ['extremes', () => t.maximum(of(2, 3), of(3)) && t.minimum(of(2), of(3)), '[2]', '[3]'],
  ['where on numbers', () => t.where(of(2), of(2), of(2)), 'float32'],
  ['where between dtypes', () => t.where(t.less(of(2), of(2)), of(2), integers(2)), 'float32', 'int32'],
  ['where, shapes', () => t.where(t.less(of(2), of(2)), of(3), of(3)), '[2]', '[3]'],
  ['images of three axes', () => t.conv2d(of(3, 8, 8), of(4, 3, 3, 3)), '[3, 8, 8]', '[4, 3, 3, 3]'],
  ['other channels', () => t.conv2d(of(1, 3, 8, 8), of(4, 2, 3, 3)), '[1, 3, 8, 8]', '[4, 2, 3, 3]'],
  ['a bias', () => t.conv2d(of(1, 3, 8, 8), of(4, 3, 3, 3), { bias: of(3) }), '[3]', '4 output channels'],
  ['groups', () => t.conv2d(of(1, 4, 8, 8), of(3, 2, 3, 3), { groups: 2 }), '[3, 2, 3, 3]', '2 groups'],
  ['no groups', () => t.conv2d(of(1, 4, 8, 8), of(3, 2, 3, 3), { groups: 0 }), 'groups', '[0]'],
  ['a kernel that is too large', () => t.conv2d(of(1, 3, 2, 8), of(4, 3, 3, 3)), '[4, 3, 3, 3]', '[1, 3, 2, 8]'],
  ['stride 0', () => t.conv2d(of(1, 3, 8, 8), of(4, 3, 3, 3), { stride: [1, 0] }), 'stride', '[1, 0]'],
  ['dilation 0', () => t.conv2d(of(1, 3, 8, 8), of(4, 3, 3, 3), { dilation: 0 }), 'dilation', '[0, 0]'],
  ['negative padding', () => t.conv2d(of(1, 3, 8, 8), of(4, 3, 3, 3), { padding: -1 }), 'padding', '-1'],
  ['a pool that is too large', () => t.maxPool2d(of(1, 3, 4, 4), { kernel: 5 }), '5×5', '[1, 3, 4, 4]'],
  ['a pool without a stride', () => t.avgPool2d(of(1, 3, 4, 4), { kernel: 2, stride: 0 }), 'stride', '[0, 0]'],
  ['a pool of padding', () => t.avgPool2d(of(1, 3, 4, 4), { kernel: 2, padding: 2 }), '[2, 2, 2, 2]', '[2, 2]'],
  ['a pool of vectors', () => t.maxPool2d(of(4, 4), { kernel: 2 }), '[4, 4]'],
  ['a global pool of vectors', () => t.globalAvgPool(of(4, 4)), '[4, 4]'],
  ['a product of matrices', () => t.matmul(of(2, 3), of(2, 3)), '[2, 3]'],
  ['a product of vectors', () => t.matmul(of(3), of(3)), '[3]'],
  ['leading axes of a product', () => t.matmul(of(2, 3, 4), of(3, 4, 2)), '[2]', '[3]'],
  ['linear, weights', () => t.linear(of(2, 3), of(3, 4)), '[2, 3]', '[3, 4]'],
  ['linear, bias', () => t.linear(of(2, 3), of(4, 3), of(1, 4)), '[4, 3]', '[1, 4]'],
  ['linear, length of the bias', () => t.linear(of(2, 3), of(4, 3), of(3)), '[4, 3]', '[3]'],
  ['linear of images', () => t.linear(of(2, 3, 3), of(4, 3)), '[2, 3, 3]'],
  ['batch norm, scale', () => t.batchNorm(of(2, 3, 4, 4), of(1), of(3)), '[2, 3, 4, 4]', '[1]'],
  ['batch norm, shift', () => t.batchNorm(of(2, 3), of(3), of(4)), '[2, 3]', '[4]'],
  ['batch norm of a vector', () => t.batchNorm(of(3), of(3), of(3)), '[3]'],
  ['batch norm, mean', () => t.batchNormInference(of(2, 3), of(3), of(3), of(2), of(3)), '[2, 3]', '[2]'],
  ['an affine map', () => t.channelAffine(of(2, 3, 4), of(4), of(4)), '3 channels', '[4]'],
  ['a mean over channels', () => t.channelMean(of(2)), '[2]'],
  ['a mean product', () => t.centredMean(of(2, 3), of(2, 4), of(3)), '[2, 3]', '[2, 4]'],
  ['the centre of a dot product', () => t.centredMean(of(2, 3), of(2, 3), of(2)), '[2, 3]', '[2]'],
  ['softmax of a scalar', () => t.softmax(of()), '[]'],
  ['logits of images', () => t.softmaxCrossEntropy(of(2, 3, 1, 1), integers(2)), '[2, 3, 1, 1]'],
  ['labels of another batch', () => t.softmaxCrossEntropy(of(2, 3), integers(1)), '[2, 3]', '[1]'],
  ['labels that are no integers', () => t.softmaxCrossEntropy(of(2, 3), of(2)), 'float32 [2]'],
  ['concat, sizes', () => t.concat([of(2, 3), of(3, 3)], 1), '[2, 3]', '[3, 3]'],
  ['concat, ranks', () => t.concat([of(2, 3), of(2)], 0), '[2, 3]', '[2]'],
  ['concat, axis', () => t.concat([of(2, 3), of(2, 3)], 2), 'axis 2', '[2, 3]'],
  ['concat of nothing', () => t.concat([], 0), 'nothing'],
  ['a slice beyond the end', () => t.slice(of(2, 3), { starts: [1], ends: [4], axes: [1] }), '1 to 4', '[2, 3]'],
  ['an empty slice', () => t.slice(of(2, 3), { starts: [1], ends: [1], axes: [1] }), '1 to 1'],
  ['a slice backwards', () => t.slice(of(3), { starts: [0], ends: [2], axes: [0], steps: [-1] }), 'by -1'],
  ['a slice without an end', () => t.slice(of(3, 3), { starts: [0, 0], ends: [2], axes: [0, 1] }), '[3, 3]'],
  ['a slice of one axis twice', () => t.slice(of(3, 3), { starts: [0, 0], ends: [2, 1], axes: [0, -2] }), '[0, 0]'],
  ['padding of too few axes', () => t.pad(of(2, 3), [[1, 1]]), '[2, 3]', '[[1,1]]'],
  ['padding below 0', () => t.pad(of(2), [[-1, 1]]), '[[-1,1]]'],
  ['a transpose', () => t.transpose(of(2, 3), [0, 0]), '[2, 3]', '[0,0]'],
  ['a reshape', () => t.reshape(of(2, 3), [4]), '[2, 3]', '[4]'],
  ['a reshape to negative sizes', () => t.reshape(of(2, 3), [-2, -3]), '[-2, -3]'],
  ['expand', () => t.expand(of(2, 3), [2, 4]), '[2, 3]', '[2, 4]'],
  ['expand to fewer axes', () => t.expand(of(1, 3), [3]), '[1, 3]', '[3]'],
  ['gather by floats', () => t.gather(of(2, 3), of(2)), 'float32'],
  ['gather, axis', () => t.gather(of(2, 3), integers(2), 2), 'axis 2', '[2, 3]'],
  ['a reduction', () => t.reduceSum(of(2, 3), [-3]), 'axis -3', '[2, 3]'],
  ['reverse', () => t.reverse(of(2), 1), 'axis 1', '[2]'],
  ['channelShuffle', () => t.channelShuffle(of(2, 6, 3, 3), 4), '[2, 6, 3, 3]', '4 groups'],
  [
    'an LSTM whose state is of another width',
    () => t.lstmCell(of(2, 3), { hidden: of(2, 5), cell: of(2, 4) }, { input: of(20, 3), hidden: of(20, 5) }),
    '[2, 5]',
    '[2, 4]',
  ],
  [
    'an LSTM whose gates are no four',
    () => t.lstmCell(of(2, 3), { hidden: of(2, 5), cell: of(2, 5) }, { input: of(15, 3), hidden: of(15, 5) }),
    '[15, 3]',
  ],
];

test.each(refused)('%s', (_, apply, ...parts) => {
  let thrown: unknown;
  try {
    apply();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(RangeError);
  for (const part of parts) expect(thrown).toHaveProperty('message', expect.stringContaining(part));
});

test('output shapes', () => {
  const x = of(2, 6, 9, 7);
  expect(t.conv2d(x, of(4, 3, 3, 5), { stride: [2, 1], padding: [1, 0, 2, 3], groups: 2 }).shape).toEqual([2, 4, 5, 6]);
  expect(t.conv2d(x, of(6, 1, 3, 3), { dilation: 3, groups: 6 }).shape).toEqual([2, 6, 3, 1]);
  expect(t.maxPool2d(x, { kernel: 3, stride: 2, padding: 1 }).shape).toEqual([2, 6, 5, 4]);
  expect(t.avgPool2d(x, { kernel: [2, 3] }).shape).toEqual([2, 6, 4, 2]);
  expect(t.globalAvgPool(x).shape).toEqual([2, 6]);
  expect(t.matmul(of(5, 1, 2, 3), of(4, 3, 6)).shape).toEqual([5, 4, 2, 6]);
  expect(t.slice(x, { starts: [1], ends: [9], axes: [2], steps: [3] }).shape).toEqual([2, 6, 3, 7]);
  expect(t.gather(x, integers(4, 5), 1).shape).toEqual([2, 4, 5, 9, 7]);
  expect(t.reduceMean(x, [-1, 0], true).shape).toEqual([1, 6, 9, 1]);
  expect(t.reduceMax(x, [2]).shape).toEqual([2, 6, 7]);
  expect(t.clipGlobalNorm(of(8), 1).shape).toEqual([8]);
});
