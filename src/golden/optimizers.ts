/** @file Checks optimisers against reference trajectories. */
import { z } from 'zod';
import { type NamedArray, Session } from '../runtime/session.js';
import type { Optimizer } from '../tensor/index.js';
import * as t from '../tensor/index.js';
import { deviation } from './deviation.js';
import type { OptimizerCase, Tolerance } from './reference.js';

const settings = z.object({
  lr: z.number(),
  momentum: z.number().optional(),
  nesterov: z.boolean().optional(),
  beta1: z.number().optional(),
  beta2: z.number().optional(),
  epsilon: z.number().optional(),
  weightDecay: z.number().default(0),
});

const OPTIMIZERS: { readonly [name: string]: (options: t.SgdOptions & t.AdamOptions) => Optimizer } = {
  sgd: t.sgd,
  adam: t.adam,
  adamw: t.adamW,
};

/** The worst deviation of the parameters after any step, in units of the tolerance. */
export async function checkOptimizer(given: OptimizerCase, tolerance: Tolerance): Promise<number> {
  const make = OPTIMIZERS[given.optimizer];
  const [initial, ...after] = given.parameters;
  if (make === undefined || initial === undefined) throw new RangeError(`there is no optimiser ${given.optimizer}`);
  const { lr, ...attributes } = settings.parse(given.attrs);
  const defined = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
  const optimizer = make(defined);
  const slotNames = optimizer.slots;
  const vector = (name: string) => t.input(name, initial.shape);
  const next = optimizer.update({
    parameters: vector('parameters'),
    gradient: vector('gradient'),
    slots: slotNames.map(vector),
    learningRate: t.input('learningRate', []),
    step: t.input('step', []),
  });
  const outputs = Object.fromEntries(next.slots.map((slot, position) => [`next ${slotNames[position]}`, slot]));
  const session = await Session.load(t.emitModel({ ...outputs, 'next parameters': next.parameters }));
  const { shape } = initial;
  const feed = (data: ArrayLike<number>): NamedArray => ({ shape, data: Float32Array.from(data) });
  const feeds: Record<string, NamedArray> = { parameters: feed(initial.data) };
  for (const name of slotNames) feeds[name] = feed(new Float32Array(initial.data.length));
  let worst = 0;
  for (const [index, gradient] of given.gradients.entries()) {
    feeds.gradient = feed(gradient.data);
    feeds.learningRate = { shape: [], data: Float32Array.of(lr) };
    feeds.step = { shape: [], data: Float32Array.of(index + 1) };
    const known = Object.entries(feeds).filter(([name]) => session.inputs.includes(name));
    const computed = await session.run(Object.fromEntries(known));
    for (const [name, array] of Object.entries(computed)) feeds[name.replace('next ', '')] = array;
    const expected = after[index];
    worst = Math.max(
      worst,
      expected && feeds.parameters ? deviation(feeds.parameters, expected, tolerance) : Number.POSITIVE_INFINITY,
    );
  }
  await session.release();
  return worst;
}
