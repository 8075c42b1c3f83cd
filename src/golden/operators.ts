/** @file Checks operators, their gradients and running statistics against reference cases. */
import { z } from 'zod';
import type { NamedArray } from '../runtime/session.js';
import { Session } from '../runtime/session.js';
import type { Tensor } from '../tensor/index.js';
import * as t from '../tensor/index.js';
import { deviation } from './deviation.js';
import type { OperatorCase, ReferenceArray, Tolerance } from './reference.js';

const size = z.union([z.number(), z.tuple([z.number(), z.number()])]);
const window = z.object({ kernel: size, stride: size, padding: size.default(0) });

/** Outputs by name; `output` is the one that is differentiated. */
type Outputs = { readonly output: Tensor } & { readonly [name: string]: Tensor };
type Build = (inputs: (name: string) => Tensor, attributes: unknown, given: OperatorCase) => Outputs;

const unary =
  (operator: (x: Tensor) => Tensor): Build =>
  (input) => ({ output: operator(input('x')) });

const OPERATORS: { readonly [op: string]: Build } = {
  conv2d: (input, attributes, { inputs }) => {
    const settings = z.object({ stride: size, padding: size, dilation: size, groups: z.number() }).parse(attributes);
    const y = t.conv2d(input('x'), input('weight'), settings);
    return { output: 'bias' in inputs ? t.add(y, t.reshape(input('bias'), [1, y.shape[1] ?? 0, 1, 1])) : y };
  },
  maxPool2d: (input, attributes) => ({ output: t.maxPool2d(input('x'), window.parse(attributes)) }),
  avgPool2d: (input, attributes) => {
    window.extend({ countIncludePad: z.literal(false) }).parse(attributes);
    return { output: t.avgPool2d(input('x'), window.parse(attributes)) };
  },
  globalAvgPool: unary(t.globalAvgPool),
  relu: unary(t.relu),
  relu6: unary(t.relu6),
  hardswish: unary(t.hardSwish),
  hardsigmoid: unary(t.hardSigmoid),
  silu: unary(t.silu),
  sigmoid: unary(t.sigmoid),
  tanh: unary(t.tanh),
  gelu: unary(t.gelu),
  linear: (input, _, { inputs }) => ({
    output: t.linear(input('x'), input('weight'), 'bias' in inputs ? input('bias') : undefined),
  }),
  batchNorm: (input, attributes, { runningMean, runningVar }) => {
    const settings = z
      .object({ training: z.boolean(), epsilon: z.number(), momentum: z.number().default(0.1) })
      .parse(attributes);
    const [x, scale, shift] = [input('x'), input('weight'), input('bias')];
    const channels = x.shape[1] ?? 0;
    const mean = t.constant(runningMean?.data ?? new Float32Array(channels), [channels]);
    const variance = t.constant(runningVar?.data ?? new Float32Array(channels).fill(1), [channels]);
    if (!settings.training) return { output: t.batchNormInference(x, scale, shift, mean, variance, settings) };
    const batch = t.batchNorm(x, scale, shift, settings);
    return {
      output: batch.y,
      runningMeanAfter: t.runningAverage(mean, batch.mean, settings.momentum),
      runningVarAfter: t.runningAverage(variance, t.unbiased(batch.variance, t.channelSize(x)), settings.momentum),
    };
  },
  channelShuffle: (input, attributes) => ({
    output: t.channelShuffle(input('x'), z.object({ groups: z.number() }).parse(attributes).groups),
  }),
  softmaxCrossEntropy: (input, attributes) => {
    const { labels, labelSmoothing } = z
      .object({ labels: z.array(z.number().int()), labelSmoothing: z.number() })
      .parse(attributes);
    const loss = t.softmaxCrossEntropy(input('logits'), t.constant(Int32Array.from(labels), [labels.length]), {
      labelSmoothing,
    });
    return { output: t.reshape(loss, [1]) };
  },
  squeezeExcite: (input) => {
    const x = input('x');
    const [batch = 0, channels = 0] = x.shape;
    const convolve = (y: Tensor, weight: string, bias: string): Tensor => {
      const z = t.conv2d(y, input(weight));
      return t.add(z, t.reshape(input(bias), [1, z.shape[1] ?? 0, 1, 1]));
    };
    const squeezed = t.reshape(t.globalAvgPool(x), [batch, channels, 1, 1]);
    return { output: t.mul(x, t.hardSigmoid(convolve(t.relu(convolve(squeezed, 'w1', 'b1')), 'w2', 'b2'))) };
  },
  lstmCell: (input) => {
    const weights = { input: input('wIh'), hidden: input('wHh'), bias: input('b') };
    const { hidden, cell } = t.lstmCell(input('x'), { hidden: input('h'), cell: input('c') }, weights);
    return { output: t.concat([hidden, cell], 1) };
  },
};

/** The worst deviation of a case's output, gradients and statistics, in units of the tolerance. */
export async function checkOperator(
  given: OperatorCase,
  tolerance: Tolerance,
  blocks: number | null = null,
): Promise<number> {
  const build = OPERATORS[given.op];
  if (build === undefined) throw new RangeError(`there is no operator ${given.op}`);
  const inputs = new Map(Object.entries(given.inputs).map(([name, { shape }]) => [name, t.input(name, shape)]));
  const outputs = build(
    (name) => {
      const tensor = inputs.get(name);
      if (tensor === undefined) throw new RangeError(`the case has no input ${name}`);
      return tensor;
    },
    given.attrs,
    given,
  );
  const wrt = Object.keys(given.inputGrads);
  const seed = t.constant(given.outputGrad.data, given.outputGrad.shape);
  const derivatives = t.gradients(
    outputs.output,
    wrt.map((name) => inputs.get(name) ?? outputs.output),
    seed,
  );
  const expected: Record<string, ReferenceArray | undefined> = {
    output: given.output,
    runningMeanAfter: given.runningMeanAfter,
    runningVarAfter: given.runningVarAfter,
  };
  const graph: Record<string, Tensor> = { ...outputs };
  wrt.forEach((name, position) => {
    graph[`gradient of ${name}`] = derivatives[position] ?? outputs.output;
    expected[`gradient of ${name}`] = given.inputGrads[name];
  });
  const computed = await compute(graph, given.inputs, blocks);
  return Math.max(
    ...Object.entries(expected).map(([name, reference]) => {
      const array = computed[name];
      if (reference === undefined) return 0;
      return array === undefined ? Number.POSITIVE_INFINITY : deviation(array, reference, tolerance);
    }),
  );
}

/** Runs a graph once. */
async function compute(
  outputs: Record<string, Tensor>,
  inputs: Record<string, ReferenceArray>,
  blocks: number | null,
): Promise<Record<string, NamedArray>> {
  const session = await Session.load(t.emitModel(outputs, { blocks }));
  const feeds = Object.entries(inputs).filter(([name]) => session.inputs.includes(name));
  try {
    return await session.run(
      Object.fromEntries(feeds.map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }])),
    );
  } finally {
    await session.release();
  }
}
