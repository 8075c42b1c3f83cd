/** @file Checks operators, their gradients and running statistics against reference cases. */
import { z } from 'zod';
import type { Engine, EngineArray } from '../engine/engine.js';
import type { Tensor } from '../tensor/index.js';
import * as t from '../tensor/index.js';
import { type Deviation, deviation, worstOf } from './deviation.js';
import type { OperatorCase, ReferenceArray, Tolerance } from './reference.js';

const size = z.union([z.number(), z.tuple([z.number(), z.number()])]);
const window = z.object({ kernel: size, stride: size.optional(), padding: size.default(0) }).transform(
  // `undefined` and absent differ in the options of the tensor layer.
  ({ stride, ...settings }) => ({ ...settings, stride: stride ?? settings.kernel }),
);
const convolution = z.object({
  stride: size.default(1),
  padding: size.default(0),
  dilation: size.default(1),
  groups: z.number().default(1),
});

/** Outputs by name; `output` is the one that is differentiated. */
type Outputs = { readonly output: Tensor } & { readonly [name: string]: Tensor };
type Build = (input: (name: string) => Tensor, attributes: unknown, given: OperatorCase) => Outputs;

const unary =
  (operator: (x: Tensor) => Tensor): Build =>
  (input) => ({ output: operator(input('x')) });

const OPERATORS: { readonly [op: string]: Build } = {
  conv2d: (input, attributes, { inputs }) => {
    const bias = 'bias' in inputs && { bias: input('bias') };
    return { output: t.conv2d(input('x'), input('weight'), { ...convolution.parse(attributes), ...bias }) };
  },
  maxPool2d: (input, attributes) => ({ output: t.maxPool2d(input('x'), window.parse(attributes)) }),
  avgPool2d: (input, attributes) => {
    z.object({ countIncludePad: z.literal(false).default(false) }).parse(attributes);
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
    const [momentum, factor] = [t.scalar(settings.momentum), t.unbiasedFactor(t.channelSize(x))];
    return {
      output: batch.y,
      runningMeanAfter: t.runningAverage(mean, batch.mean, momentum),
      runningVarAfter: t.runningAverage(variance, t.mul(batch.variance, t.scalar(factor)), momentum),
    };
  },
  channelShuffle: (input, attributes) => ({
    output: t.channelShuffle(input('x'), z.object({ groups: z.number() }).parse(attributes).groups),
  }),
  softmaxCrossEntropy: (input, attributes, { output }) => {
    const { labels, labelSmoothing } = z
      .object({ labels: z.array(z.int()), labelSmoothing: z.number().default(0) })
      .parse(attributes);
    const loss = t.softmaxCrossEntropy(input('logits'), t.constant(Int32Array.from(labels), [labels.length]), {
      labelSmoothing,
    });
    return { output: t.reshape(loss, output.shape) };
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
  lstmCell: (input, _, { inputs }) => {
    const weights = { input: input('wIh'), hidden: input('wHh'), ...('b' in inputs && { bias: input('b') }) };
    const { hidden, cell } = t.lstmCell(input('x'), { hidden: input('h'), cell: input('c') }, weights);
    return { output: t.concat([hidden, cell], 1) };
  },
};

/**
 * The worst deviation of a case's output, gradients and statistics.
 *
 * @param blocks channels in a block of the processor's own layout; `null` for standard operators.
 * @throws {RangeError} where there is no such operator or shape
 * @throws {ZodError} where attributes do not fit
 */
export async function checkOperator(
  engine: Engine,
  given: OperatorCase,
  tolerance: Tolerance,
  blocks: number | null,
): Promise<Deviation> {
  const build = Object.hasOwn(OPERATORS, given.op) ? OPERATORS[given.op] : undefined;
  if (build === undefined) {
    throw new RangeError(`there is no operator "${given.op}"; there are: ${Object.keys(OPERATORS).join(', ')}`);
  }
  const inputs = new Map(Object.entries(given.inputs).map(([name, { shape }]) => [name, t.input(name, shape)]));
  const named = (name: string): Tensor => {
    const tensor = inputs.get(name);
    if (tensor === undefined) throw new RangeError(`the case has no input "${name}"`);
    return tensor;
  };
  const graph: Record<string, Tensor> = build(named, given.attrs, given);
  const output = graph.output ?? t.scalar(0);
  const expected = new Map<string, ReferenceArray>([['output', given.output]]);
  if (given.runningMeanAfter !== undefined) expected.set('runningMeanAfter', given.runningMeanAfter);
  if (given.runningVarAfter !== undefined) expected.set('runningVarAfter', given.runningVarAfter);
  const wrt = Object.keys(given.inputGrads);
  const derivatives = t.gradients(output, wrt.map(named), t.constant(given.outputGrad.data, given.outputGrad.shape));
  wrt.forEach((name, position) => {
    const [derivative, reference] = [derivatives[position], given.inputGrads[name]];
    if (derivative === undefined || reference === undefined) return;
    graph[`gradient of ${name}`] = derivative;
    expected.set(`gradient of ${name}`, reference);
  });
  const computed = await compute(engine, graph, given.inputs, blocks);
  const deviations = [...expected].map(([part, reference]) => {
    const values = computed[part];
    return { part, worst: values === undefined ? Number.POSITIVE_INFINITY : deviation(values, reference, tolerance) };
  });
  return worstOf(deviations);
}

/** Runs a graph once. */
async function compute(
  engine: Engine,
  outputs: Record<string, Tensor>,
  inputs: Record<string, ReferenceArray>,
  blocks: number | null,
): Promise<Readonly<Record<string, EngineArray>>> {
  const model = await engine.load(t.emitModel(outputs, { blocks }));
  const feeds = Object.entries(inputs).filter(([name]) => model.inputs.has(name));
  try {
    return await model.run(
      Object.fromEntries(feeds.map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data) }])),
    );
  } finally {
    await model.release();
  }
}
