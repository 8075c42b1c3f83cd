/** @file Checks optimisers against reference trajectories. */
import { z } from 'zod';
import type { Engine, EngineArray } from '../engine/engine.js';
import type { Optimizer } from '../tensor/index.js';
import * as t from '../tensor/index.js';
import { type Deviation, deviation, worstOf } from './deviation.js';
import type { OptimizerCase, Tolerance } from './reference.js';

const settings = z.object({
  lr: z.number(),
  momentum: z.number().default(0),
  nesterov: z.boolean().default(false),
  beta1: z.number().default(0.9),
  beta2: z.number().default(0.999),
  epsilon: z.number().default(1e-8),
  weightDecay: z.number().default(0),
});

const OPTIMIZERS: { readonly [name: string]: (options: t.SgdOptions & t.AdamOptions) => Optimizer } = {
  sgd: t.sgd,
  adam: t.adam,
  adamw: t.adamW,
};

/**
 * The worst deviation of the parameters after any step.
 *
 * @throws {RangeError} where there is no such optimiser
 * @throws {ZodError} where attributes do not fit
 */
export async function checkOptimizer(engine: Engine, given: OptimizerCase, tolerance: Tolerance): Promise<Deviation> {
  const make = Object.hasOwn(OPTIMIZERS, given.optimizer) ? OPTIMIZERS[given.optimizer] : undefined;
  if (make === undefined) {
    throw new RangeError(
      `there is no optimiser "${given.optimizer}"; there are: ${Object.keys(OPTIMIZERS).join(', ')}`,
    );
  }
  const [initial, ...after] = given.parameters;
  if (initial === undefined || after.length !== given.gradients.length) {
    throw new RangeError('there must be the parameters before the first step and after each');
  }
  const { lr, ...options } = settings.parse(given.attrs);
  const optimizer = make(options);
  const model = await engine.load(updateModel(optimizer, initial.shape));
  const feed = (data: ArrayLike<number>): EngineArray => ({ shape: initial.shape, data: Float32Array.from(data) });
  const feeds: Record<string, EngineArray> = { parameters: feed(initial.data) };
  for (const slot of optimizer.slots) feeds[slot] = feed(new Float32Array(initial.data.length));
  const deviations: Deviation[] = [];
  try {
    for (const [index, gradient] of given.gradients.entries()) {
      feeds.gradient = feed(gradient.data);
      feeds.learningRate = { shape: [], data: Float32Array.of(lr) };
      feeds.step = { shape: [], data: Float32Array.of(index + 1) };
      const known = Object.entries(feeds).filter(([name]) => model.inputs.has(name));
      const computed = await model.run(Object.fromEntries(known));
      for (const [name, array] of Object.entries(computed)) feeds[name.replace('next ', '')] = array;
      const expected = after[index];
      if (expected === undefined) continue;
      deviations.push({
        part: `step ${index + 1}`,
        worst: deviation(feeds.parameters ?? feed([]), expected, tolerance),
      });
    }
  } finally {
    await model.release();
  }
  return worstOf(deviations);
}

/** One update: the optimiser's state in, and out under the same names after `next `. */
function updateModel(optimizer: Optimizer, shape: t.Shape): Uint8Array {
  const { parameters, slots } = optimizer.update({
    parameters: t.input('parameters', shape),
    gradient: t.input('gradient', shape),
    slots: optimizer.slots.map((slot) => t.input(slot, shape)),
    learningRate: t.input('learningRate', []),
    step: t.input('step', []),
  });
  const next = Object.fromEntries(slots.map((slot, position) => [`next ${optimizer.slots[position]}`, slot]));
  return t.emitModel({ ...next, 'next parameters': parameters });
}
