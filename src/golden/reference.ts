/** @file Reference files: operator cases, optimiser trajectories and a training run, as another engine computed them. */
import { z } from 'zod';

const array = z.object({ shape: z.array(z.number().int().nonnegative()), data: z.array(z.number()) });
export type ReferenceArray = z.infer<typeof array>;

export const DEFAULT_TOLERANCE = { relative: 1e-4, absolute: 1e-5 };
const tolerance = z.object({ relative: z.number(), absolute: z.number() }).default(DEFAULT_TOLERANCE);
export type Tolerance = z.infer<typeof tolerance>;

const operatorCase = z.object({
  op: z.string(),
  attrs: z.record(z.string(), z.unknown()),
  inputs: z.record(z.string(), array),
  output: array,
  outputGrad: array,
  inputGrads: z.record(z.string(), array),
  runningMean: array.optional(),
  runningVar: array.optional(),
  runningMeanAfter: array.optional(),
  runningVarAfter: array.optional(),
});
export type OperatorCase = z.infer<typeof operatorCase>;

const optimizerCase = z.object({
  optimizer: z.string(),
  attrs: z.record(z.string(), z.unknown()),
  gradients: z.array(array),
  /** The parameters before the first step and after each. */
  parameters: z.array(array),
});
export type OptimizerCase = z.infer<typeof optimizerCase>;

const trainingRun = z.object({
  tolerance,
  initial: z.record(z.string(), array),
  batches: z.array(z.object({ x: array, labels: z.array(z.number().int()) })),
  /** Before each step. */
  losses: z.array(z.number()),
  /** Weights and running statistics after the last step. */
  final: z.record(z.string(), array),
  /** Inference with the final weights. */
  eval: z.object({ x: array, logits: array }),
});
export type TrainingRun = z.infer<typeof trainingRun>;

/** A file of reference values: any of the three forms. */
export const referenceFile = z.union([
  z.object({ tolerance, cases: z.array(operatorCase) }).transform((file) => ({ kind: 'operators' as const, ...file })),
  z
    .object({ tolerance, cases: z.array(optimizerCase) })
    .transform((file) => ({ kind: 'optimizers' as const, ...file })),
  trainingRun.transform((file) => ({ kind: 'training' as const, ...file })),
]);
