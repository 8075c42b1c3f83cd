/** @file First and second derivatives of every operator agree with finite differences. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DerivativeCase, derivativeErrors } from '../../test/derivative-laws.js';
import { blockSize } from '../engine/blocked-kernels.js';
import { nodeEngine } from '../engine/node-engine.js';
import * as t from './index.js';
import type { Shape } from './shape.js';

const engine = nodeEngine();

type Case = DerivativeCase;

let blocks: number | null;
beforeAll(async () => {
  blocks = await blockSize(engine);
});

const shapes = { minLength: 1, maxLength: 4 };
const anyShape = fc.array(fc.integer({ min: 1, max: 4 }), shapes);
/** [N, C, H, W] with more channels than a block at times. */
const imageShape = fc.tuple(
  fc.integer({ min: 1, max: 3 }),
  fc.constantFrom(1, 2, 3, 5, 17),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 5 }),
);
const drawn = <T>(arbitrary: fc.Arbitrary<T>, count: number, seed: number): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed });

/** Checks in standard operators and, where there are such kernels, in blocked ones. */
async function expectDerivatives(cases: readonly Case[]): Promise<void> {
  expect(await derivativeErrors(cases)).toEqual([]);
  if (blocks !== null) expect(await derivativeErrors(cases, { blocks })).toEqual([]);
}

describe('element by element', () => {
  const unary: Record<string, [(x: t.Tensor) => t.Tensor, Omit<Case, 'name' | 'shapes' | 'apply'>?]> = {
    neg: [t.neg],
    exp: [t.exp],
    log: [t.log, { point: 'positive' }],
    sqrt: [t.sqrt, { point: 'positive' }],
    abs: [t.abs, { point: 'apart' }],
    sign: [t.sign, { point: 'apart' }],
    step: [t.step, { point: 'apart' }],
    erf: [t.erf],
    square: [t.square],
    relu: [t.relu, { point: 'apart' }],
    relu6: [t.relu6, { point: 'apart', spacing: 0.6 }],
    hardSigmoid: [t.hardSigmoid, { point: 'apart', spacing: 0.6 }],
    hardSwish: [t.hardSwish, { point: 'apart', spacing: 0.6 }],
    silu: [t.silu],
    sigmoid: [t.sigmoid],
    tanh: [t.tanh],
    gelu: [t.gelu],
  };
  test.each(Object.entries(unary))('%s', async (name, [apply, options]) => {
    const drawnShapes = [...drawn(anyShape, 3, 1), ...drawn(imageShape, 2, 2)];
    await expectDerivatives(
      drawnShapes.map((shape) => ({ name: `${name} ${shape}`, shapes: [shape], apply, ...options })),
    );
  });

  test('sums, products, quotients, powers and extremes broadcast', async () => {
    /** A shape, and one that broadcasts with it: some axes are 1, some leading ones are gone. */
    const pairs = fc
      .tuple(fc.oneof(anyShape, imageShape), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.nat(3))
      .map(([shape, ones, dropped]): [Shape, Shape] => {
        const other = shape.map((size, axis) => (ones[axis] ? 1 : size));
        return [shape, other.slice(Math.min(dropped, other.length - 1))];
      });
    const operators: [string, (a: t.Tensor, b: t.Tensor) => t.Tensor, Case['point']][] = [
      ['add', t.add, 'normal'],
      ['sub', t.sub, 'normal'],
      ['mul', t.mul, 'normal'],
      ['div', t.div, 'positive'],
      ['pow', t.pow, 'positive'],
      ['maximum', t.maximum, 'apart'],
      ['minimum', t.minimum, 'apart'],
    ];
    const cases = operators.flatMap(([name, apply, point = 'normal'], seed) =>
      drawn(pairs, 6, seed).flatMap(([a, b]): Case[] => [
        { name: `${name} ${a} with ${b}`, shapes: [a, b], apply, point },
        { name: `${name} ${b} with ${a}`, shapes: [b, a], apply, point },
      ]),
    );
    await expectDerivatives(cases);
  });

  test('a constant exponent and a base that is zero or negative', async () => {
    await expectDerivatives([
      { name: 'cube', shapes: [[3, 4]], apply: (x) => t.pow(x, t.scalar(3)) },
      { name: 'square', shapes: [[2, 2, 3, 3]], apply: (x) => t.pow(x, t.scalar(2)) },
    ]);
  });

  test('where, by a condition on the tensors themselves', async () => {
    await expectDerivatives([
      {
        name: 'where',
        shapes: [[3, 4], [4]],
        point: 'apart',
        apply: (a, b) => t.where(t.greater(a, b), t.exp(a), t.mul(a, b)),
      },
      {
        name: 'where less',
        shapes: [
          [2, 3],
          [2, 1],
        ],
        point: 'apart',
        apply: (a, b) => t.where(t.less(a, b), t.square(a), b),
      },
    ]);
  });
});

describe('convolution', () => {
  const side = (span: number, padding: number, extra: number): number => Math.max(1, span - padding) + extra;
  const geometry = fc
    .record({
      batch: fc.integer({ min: 1, max: 3 }),
      groups: fc.integer({ min: 1, max: 3 }),
      perGroup: fc.integer({ min: 1, max: 3 }),
      outPerGroup: fc.integer({ min: 1, max: 3 }),
      kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
      stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
      padding: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
      extra: fc.tuple(fc.nat(4), fc.nat(4)),
    })
    .map(({ batch, groups, perGroup, outPerGroup, kernel, stride, dilation, padding, extra }): Case => {
      const height = side(dilation[0] * (kernel[0] - 1) + 1, padding[0] + padding[2], extra[0]);
      const width = side(dilation[1] * (kernel[1] - 1) + 1, padding[1] + padding[3], extra[1]);
      const options = { stride, dilation, padding, groups };
      const [x, weight] = [
        [batch, groups * perGroup, height, width],
        [groups * outPerGroup, perGroup, ...kernel],
      ];
      return {
        name: `conv2d [${x}] with [${weight}] ${JSON.stringify(options)}`,
        shapes: [x, weight, [groups * outPerGroup]],
        apply: (images, weights, bias) => t.conv2d(images, weights, { ...options, bias }),
      };
    });

  test.each([1, 2, 3])('any geometry, drawn from seed %i', async (seed) => {
    await expectDerivatives(drawn(geometry, 20, seed));
  });

  const depthwise = fc
    .record({
      channels: fc.constantFrom(1, 3, 8, 17),
      kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
      stride: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
      dilation: fc.integer({ min: 1, max: 2 }),
      padding: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
      extra: fc.nat(3),
    })
    .map(({ channels, kernel, stride, dilation, padding, extra }): Case => {
      const height = side(dilation * (kernel[0] - 1) + 1, padding[0] + padding[2], extra);
      const width = side(dilation * (kernel[1] - 1) + 1, padding[1] + padding[3], extra + 1);
      const options = { stride, dilation, padding, groups: channels };
      return {
        name: `depthwise [2,${channels},${height},${width}] with [${kernel}] ${JSON.stringify(options)}`,
        shapes: [
          [2, channels, height, width],
          [channels, 1, ...kernel],
        ],
        apply: (images, weights) => t.conv2d(images, weights, options),
      };
    });

  test('depthwise', async () => {
    await expectDerivatives(drawn(depthwise, 20, 4));
  });

  test('dense over a batch of 16, more than a block of channels', async () => {
    const of = (
      stride: NonNullable<t.ConvolutionOptions['stride']>,
      kernel: number | readonly [number, number],
      padding: NonNullable<t.ConvolutionOptions['padding']>,
      dilation: NonNullable<t.ConvolutionOptions['dilation']> = 1,
    ): Case => ({
      name: `stride ${stride}, kernel ${kernel}, padding ${padding}, dilation ${dilation}`,
      shapes: [
        [16, 17, 6, 5],
        [5, 17, ...(typeof kernel === 'number' ? [kernel, kernel] : kernel)],
      ],
      // Divided by the root of the fan-in, so that sums of hundreds of terms keep their digits.
      apply: (x, w) => t.mul(t.conv2d(x, w, { stride, padding, dilation }), t.scalar(0.02)),
    });
    await expectDerivatives([
      of(1, 3, 1),
      of(2, 3, 1),
      of(1, 1, 0),
      of(2, 1, 0),
      of(2, 5, 2),
      of(1, 3, 2, 2),
      of(2, 2, 0),
      of([1, 2], 1, 0),
      of([2, 1], 1, 0),
      of([1, 2], 3, [2, 0, 1, 1]),
      of([2, 1], [3, 2], [0, 1, 2, 0]),
      of(1, [2, 3], [0, 2, 1, 1], [1, 2]),
      of(1, [3, 2], [2, 0, 0, 1], [2, 1]),
    ]);
  });
});

describe('pooling', () => {
  const pool = fc
    .record({
      kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      // Smaller than the kernel, as each window must meet a pixel.
      padding: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
      extra: fc.tuple(fc.nat(3), fc.nat(3)),
    })
    .map(({ kernel, stride, padding, extra }) => ({
      options: {
        kernel,
        stride,
        padding: [
          Math.min(padding[0], kernel[0] - 1),
          Math.min(padding[1], kernel[1] - 1),
          Math.min(padding[2], kernel[0] - 1),
          Math.min(padding[3], kernel[1] - 1),
        ] as const,
      },
      shape: [2, 2, kernel[0] + extra[0], kernel[1] + extra[1]],
    }));
  test.each([
    ['maxPool2d', t.maxPool2d, 'apart'],
    ['avgPool2d', t.avgPool2d, 'normal'],
  ] as const)('%s', async (name, apply, point) => {
    await expectDerivatives(
      drawn(pool, 15, 5).map(({ options, shape }) => ({
        name: `${name} [${shape}] ${JSON.stringify(options)}`,
        shapes: [shape],
        apply: (x) => t.square(apply(x, options)),
        point,
        spacing: 0.2,
      })),
    );
  });

  test('global average', async () => {
    const cases = drawn(imageShape, 4, 6).map(
      (shape): Case => ({ name: `[${shape}]`, shapes: [shape], apply: (x) => t.exp(t.globalAvgPool(x)) }),
    );
    await expectDerivatives(cases);
  });
});

describe('channels', () => {
  const perChannel = (count: number, shape: Shape): Shape[] => Array.from({ length: count }, () => [shape[1] ?? 1]);
  const images = [
    ...drawn(
      imageShape.filter(([n, , h, w]) => n * h * w > 6),
      4,
      7,
    ),
    [6, 3],
  ];

  test('batch norm in training, through its statistics', async () => {
    await expectDerivatives(
      images.flatMap((shape): Case[] => [
        {
          name: `y [${shape}]`,
          shapes: [shape, ...perChannel(2, shape)],
          apply: (x, scale, shift) => t.batchNorm(x, scale, shift, { epsilon: 0.1 }).y,
        },
        {
          name: `y, mean and variance [${shape}]`,
          shapes: [shape, ...perChannel(2, shape)],
          apply: (x, scale, shift) => {
            const { y, mean, variance } = t.batchNorm(x, scale, shift, { epsilon: 0.1 });
            return t.add(t.mul(t.channelMean(t.square(y)), mean), t.exp(variance));
          },
        },
      ]),
    );
  });

  test('batch norm in inference, and running averages', async () => {
    await expectDerivatives(
      images.map((shape) => ({
        name: `inference [${shape}]`,
        shapes: [shape, ...perChannel(4, shape)],
        point: 'positive',
        apply: (x: t.Tensor, ...rest: t.Tensor[]) => {
          const [scale = x, shift = x, mean = x, variance = x] = rest;
          return t.batchNormInference(x, scale, t.runningAverage(shift, mean, t.scalar(0.3)), mean, variance);
        },
      })),
    );
  });

  test('means, centred products and affine maps', async () => {
    await expectDerivatives(
      images.flatMap((shape): Case[] => [
        { name: `channelMean [${shape}]`, shapes: [shape], apply: (x) => t.tanh(t.channelMean(x)) },
        {
          name: `centredMean [${shape}]`,
          shapes: [shape, shape, ...perChannel(1, shape)],
          apply: (x, y, centre) => t.centredMean(x, y, centre),
        },
        {
          name: `channelAffine [${shape}]`,
          shapes: [shape, ...perChannel(2, shape)],
          apply: (x, scale, shift) => t.channelAffine(x, scale, shift),
        },
      ]),
    );
  });

  test('a chain of convolution, batch norm, activation and gate', async () => {
    await expectDerivatives([
      {
        name: 'block',
        shapes: [[3, 2, 4, 4], [5, 2, 3, 3], [5], [5], [5, 1, 3, 3], [5, 5]],
        apply: (x, w, scale, shift, depthwise, gate) => {
          const expanded = t.silu(t.batchNorm(t.conv2d(x, w, { padding: 1 }), scale, shift).y);
          const filtered = t.conv2d(expanded, depthwise, { padding: 1, stride: 2, groups: 5 });
          const gates = t.sigmoid(t.linear(t.globalAvgPool(filtered), gate));
          return t.mul(filtered, t.reshape(gates, [3, 5, 1, 1]));
        },
      },
    ]);
  });

  test('channelShuffle', async () => {
    await expectDerivatives(
      [1, 2, 3, 6].map((groups) => ({
        name: `${groups} groups`,
        shapes: [[2, 6, 2, 3]],
        apply: (x) => t.exp(t.channelShuffle(x, groups)),
      })),
    );
  });
});

describe('matrices, losses and cells', () => {
  test('matmul broadcasts its leading axes; linear has a bias or none', async () => {
    await expectDerivatives([
      {
        name: 'plain',
        shapes: [
          [3, 4],
          [4, 2],
        ],
        apply: t.matmul,
      },
      {
        name: 'both batched',
        shapes: [
          [2, 3, 4],
          [2, 4, 2],
        ],
        apply: t.matmul,
      },
      {
        name: 'left broadcast',
        shapes: [
          [3, 4],
          [2, 4, 2],
        ],
        apply: t.matmul,
      },
      {
        name: 'right broadcast',
        shapes: [
          [2, 1, 3, 4],
          [5, 4, 1],
        ],
        apply: t.matmul,
      },
      { name: 'linear', shapes: [[3, 4], [2, 4], [2]], apply: t.linear },
      {
        name: 'linear without bias',
        shapes: [
          [3, 4],
          [2, 4],
        ],
        apply: (x, w) => t.linear(x, w),
      },
    ]);
  });

  test('softmax, logSoftmax and cross-entropy with smoothing', async () => {
    const labels = t.constant(Int32Array.of(2, 0, 4, 4), [4]);
    await expectDerivatives([
      { name: 'softmax', shapes: [[2, 5]], apply: t.softmax },
      { name: 'softmax of [2, 3, 4]', shapes: [[2, 3, 4]], apply: t.softmax },
      { name: 'logSoftmax', shapes: [[3, 4]], apply: t.logSoftmax },
      { name: 'cross-entropy', shapes: [[4, 5]], apply: (x) => t.softmaxCrossEntropy(x, labels) },
      {
        name: 'smoothed cross-entropy',
        shapes: [[4, 5]],
        apply: (x) => t.softmaxCrossEntropy(t.mul(x, x), labels, { labelSmoothing: 0.2 }),
      },
    ]);
  });

  test('lstmCell', async () => {
    await expectDerivatives([
      {
        name: 'cell',
        shapes: [[2, 3], [2, 4], [2, 4], [16, 3], [16, 4], [16]],
        apply: (x, h, c, wx, wh, b) => {
          const { hidden, cell } = t.lstmCell(x, { hidden: h, cell: c }, { input: wx, hidden: wh, bias: b });
          return t.concat([hidden, cell], 1);
        },
      },
    ]);
  });

  test('clipping, above and below the limit', async () => {
    await expectDerivatives([
      { name: 'clipped', shapes: [[20]], apply: (x) => t.clipGlobalNorm(x, 1) },
      { name: 'as it is', shapes: [[20]], apply: (x) => t.clipGlobalNorm(x, 100) },
    ]);
  });
});

describe('moving and reducing', () => {
  test('slices with steps, by any axes', async () => {
    const slices = fc
      .tuple(
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(100), fc.nat(100), fc.integer({ min: 1, max: 3 }), fc.boolean()), {
          minLength: 4,
          maxLength: 4,
        }),
      )
      .map(([shape, draws]): Case => {
        const axes = shape.map((_, axis) => axis).filter((axis) => axis === 0 || draws[axis]?.[3]);
        const starts = axes.map((axis) => (draws[axis]?.[0] ?? 0) % (shape[axis] ?? 1));
        const ends = axes.map((axis, i) => {
          const left = (shape[axis] ?? 1) - (starts[i] ?? 0);
          return (starts[i] ?? 0) + 1 + ((draws[axis]?.[1] ?? 0) % left);
        });
        const steps = axes.map((axis) => draws[axis]?.[2] ?? 1);
        const options = { starts, ends, axes, steps };
        return {
          name: `[${shape}] ${JSON.stringify(options)}`,
          shapes: [shape],
          apply: (x) => t.square(t.slice(x, options)),
        };
      });
    await expectDerivatives(drawn(slices, 25, 8));
  });

  test('concat, pad, transpose, reshape, expand, reverse, gather', async () => {
    const indices = t.constant(Int32Array.of(2, 0, 2, 1), [2, 2]);
    await expectDerivatives([
      {
        name: 'concat',
        shapes: [
          [2, 1, 3],
          [2, 4, 3],
          [2, 2, 3],
        ],
        apply: (...xs) => t.exp(t.concat(xs, 1)),
      },
      {
        name: 'concat by the last axis',
        shapes: [
          [2, 3],
          [2, 1],
        ],
        apply: (...xs) => t.exp(t.concat(xs, -1)),
      },
      { name: 'concat with itself', shapes: [[2, 3]], apply: (x) => t.exp(t.concat([x, t.square(x), x], 0)) },
      {
        name: 'pad',
        shapes: [[2, 3]],
        apply: (x) =>
          t.exp(
            t.pad(x, [
              [1, 0],
              [2, 3],
            ]),
          ),
      },
      { name: 'transpose', shapes: [[2, 3, 4]], apply: (x) => t.square(t.transpose(x, [2, 0, 1])) },
      { name: 'transpose by default', shapes: [[2, 3]], apply: (x) => t.square(t.transpose(x)) },
      { name: 'reshape', shapes: [[2, 6]], apply: (x) => t.square(t.reshape(x, [3, 2, 2])) },
      { name: 'expand', shapes: [[3, 1]], apply: (x) => t.square(t.expand(x, [2, 3, 4])) },
      { name: 'expand a scalar', shapes: [[]], apply: (x) => t.square(t.expand(x, [2, 3])) },
      { name: 'reverse', shapes: [[2, 4, 2]], apply: (x) => t.square(t.reverse(x, 1)) },
      { name: 'gather rows', shapes: [[3, 2]], apply: (x) => t.exp(t.gather(x, indices)) },
      { name: 'gather columns', shapes: [[2, 3, 2]], apply: (x) => t.exp(t.gather(x, indices, -2)) },
      { name: 'gather one', shapes: [[4]], apply: (x) => t.exp(t.gather(x, t.constant(Int32Array.of(3), []))) },
    ]);
  });

  test('sums, means and maxima over any axes', async () => {
    const reductions = fc
      .tuple(anyShape, fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }), fc.boolean(), fc.boolean())
      .map(([shape, draws, keepDims, fromTheEnd]) => {
        const axes = draws.map((axis) => (axis % shape.length) - (fromTheEnd ? shape.length : 0));
        return { shape, axes, keepDims };
      });
    const operators = { reduceSum: t.reduceSum, reduceMean: t.reduceMean, reduceMax: t.reduceMax };
    const cases = Object.entries(operators).flatMap(([name, reduce]) =>
      drawn(reductions, 8, 9).map(
        ({ shape, axes, keepDims }): Case => ({
          name: `${name} [${shape}] over ${axes}`,
          shapes: [shape],
          apply: (x) => t.square(reduce(x, axes, keepDims)),
          point: 'apart',
          spacing: 0.1,
        }),
      ),
    );
    const all = Object.entries(operators).map(
      ([name, reduce]): Case => ({ name, shapes: [[2, 3]], apply: (x) => t.square(reduce(x)), point: 'apart' }),
    );
    await expectDerivatives([...cases, ...all]);
  });
});

describe('what has no derivative', () => {
  /** Runs a graph of constants. */
  async function values(outputs: { readonly [name: string]: t.Tensor }) {
    const session = await engine.load(t.emitModel(outputs));
    const results = await session.run({});
    await session.release();
    return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...data]]));
  }
  const x = t.constant([-1, 2, 3], [3]);

  test('stopGradient gives the elements and takes no gradient', async () => {
    const stopped = t.stopGradient(t.square(x));
    const [through, beside] = [t.gradients(stopped, [x]), t.gradients(t.mul(x, stopped), [x])];
    const zero = t.add(t.mul(x, t.scalar(2)), through[0] ?? x);
    const { y, zeros, square } = await values({
      y: stopped,
      zeros: t.sub(zero, t.mul(x, t.scalar(2))),
      square: beside[0] ?? x,
    });
    expect(y).toEqual([1, 4, 9]);
    expect(zeros).toEqual([0, 0, 0]);
    expect(square).toEqual([1, 4, 9]);
  });

  test('comparisons and casts pass none, and gradients of what is not depended on are zeros', async () => {
    const isPositive = t.cast(t.greater(x, t.scalar(0)), 'float32');
    const [derivative] = t.gradients(t.mul(isPositive, x), [x]);
    const [none] = t.gradients(t.scalar(3), [x]);
    expect(await values({ derivative: derivative ?? x, none: none ?? x })).toEqual({
      derivative: [0, 1, 1],
      none: [0, 0, 0],
    });
  });

  test('equal maxima: max pooling takes the first, reduceMax shares, maximum takes the left', async () => {
    const ties = t.constant([5, 5, 1, 5], [1, 1, 2, 2]);
    const [pooled] = t.gradients(t.maxPool2d(ties, { kernel: 2 }), [ties]);
    const [reduced] = t.gradients(t.reduceMax(ties), [ties]);
    const other = t.constant([5, 1, 1, 9], [1, 1, 2, 2]);
    const [left, right] = t.gradients(t.maximum(ties, other), [ties, other]);
    const third = Math.fround(1 / 3);
    expect(await values({ pooled: pooled ?? x, reduced: reduced ?? x, left: left ?? x, right: right ?? x })).toEqual({
      pooled: [1, 0, 0, 0],
      reduced: [third, third, 0, third],
      left: [1, 1, 1, 0],
      right: [0, 0, 0, 1],
    });
  });

  test('padding never wins a window of max pooling, even where its zero equals the maximum', async () => {
    const zeros = t.fill([1, 1, 2, 2], 0);
    const [pooled] = t.gradients(t.maxPool2d(zeros, { kernel: 2, padding: 1, stride: 2 }), [zeros]);
    expect(await values({ pooled: pooled ?? x })).toEqual({ pooled: [1, 1, 1, 1] });
  });

  test('a gradient that is an affine map of channels passes a convolution whole, its shift too', async () => {
    const image = t.constant(
      Array.from({ length: 2 * 3 * 16 }, (_, index) => Math.sin(index)),
      [2, 3, 4, 4],
    );
    const weight = t.constant(
      Array.from({ length: 2 * 3 * 9 }, (_, index) => Math.cos(index)),
      [2, 3, 3, 3],
    );
    const y = t.conv2d(image, weight, { padding: 1 });
    const [factor, shift] = [t.constant([0.5, -2], [2]), t.constant([3, 0.25], [2])];
    const seed = t.channelAffine(y, factor, shift);
    const column = (vector: t.Tensor): t.Tensor => t.reshape(vector, [1, 2, 1, 1]);
    const same = t.add(t.mul(y, column(factor)), column(shift));
    const [dx, dw] = t.gradients(y, [image, weight], seed);
    const [sameDx, sameDw] = t.gradients(y, [image, weight], same);
    const results = await values({ dx: dx ?? x, dw: dw ?? x, sameDx: sameDx ?? x, sameDw: sameDw ?? x });
    for (const [name, other] of [['dx', 'sameDx'] as const, ['dw', 'sameDw'] as const]) {
      results[name]?.forEach((value, index) => {
        expect(value).toBeCloseTo(results[other]?.[index] ?? Number.NaN, 3);
      });
    }
  });

  test('activations have the derivative 0 at 0, as in PyTorch', async () => {
    const zero = t.constant([0], [1]);
    const [relu] = t.gradients(t.relu(zero), [zero]);
    const [relu6] = t.gradients(t.relu6(zero), [zero]);
    const [abs] = t.gradients(t.abs(zero), [zero]);
    expect(await values({ relu: relu ?? x, relu6: relu6 ?? x, abs: abs ?? x })).toEqual({
      relu: [0],
      relu6: [0],
      abs: [0],
    });
  });

  test('a seed of another shape than the output is refused', () => {
    expect(() => t.gradients(t.square(x), [x], t.scalar(1))).toThrow(
      new RangeError('the seed is [] but the output is [3]'),
    );
  });
});
