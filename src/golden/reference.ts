/** @file Reference files: operator cases, optimiser trajectories, a training run and scores without training, as another engine computed them. */
import { z } from 'zod';

const array = z
  .object({ shape: z.array(z.int().nonnegative()), data: z.array(z.number()) })
  .refine(({ shape, data }) => shape.reduce((product, size) => product * size, 1) === data.length, {
    message: 'the number of elements does not fit the shape',
  });
/** Row-major elements. */
export type ReferenceArray = z.infer<typeof array>;

const tolerance = z
  .object({ relative: z.number().nonnegative(), absolute: z.number().nonnegative() })
  .default({ relative: 1e-4, absolute: 1e-5 });
export type Tolerance = z.infer<typeof tolerance>;

export const operatorCase = z.object({
  op: z.string(),
  attrs: z.record(z.string(), z.unknown()).default({}),
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

export const optimizerCase = z.object({
  optimizer: z.string(),
  attrs: z.record(z.string(), z.unknown()),
  gradients: z.array(array).min(1),
  /** The parameters before the first step and after each. */
  parameters: z.array(array),
});
export type OptimizerCase = z.infer<typeof optimizerCase>;

export const trainingRun = z.object({
  /** The recipe in words. */
  note: z.string().default(''),
  tolerance,
  initial: z.record(z.string(), array),
  batches: z.array(z.object({ x: array, labels: z.array(z.int().nonnegative()) })).min(1),
  /** Before each step. */
  losses: z.array(z.number()),
  /** Weights and running statistics after the last step. */
  final: z.record(z.string(), array),
  /** Inference with the final weights. */
  eval: z.object({ x: array, logits: array }),
});
export type TrainingCase = z.infer<typeof trainingRun>;

export const zeroCostFile = z.object({
  tolerance: z.object({ relative: z.number().nonnegative(), absolute: z.number().nonnegative().default(0) }),
  /** The batch. */
  x: array,
  labels: z.array(z.int().nonnegative()),
  cases: z
    .array(
      z.object({
        /** Of NAS-Bench-201, in the notation of its authors. */
        arch: z.string(),
        /** Weights and running statistics, layer by layer. */
        weights: z.record(z.string(), array),
        /** By the names of proxies; the synaptic flow itself, not its logarithm. */
        scores: z.record(z.string(), z.number()),
      }),
    )
    .min(1),
});
export type ZeroCostFile = z.infer<typeof zeroCostFile>;

const caseFile = z.object({ tolerance, cases: z.array(z.record(z.string(), z.unknown())).min(1) });

/** What a reference file holds; cases are still to be checked, so that a bad one spoils no other. */
export type ReferenceFile =
  | { readonly kind: 'operators' | 'optimizers'; readonly tolerance: Tolerance; readonly cases: readonly unknown[] }
  | { readonly kind: 'training'; readonly run: unknown }
  | ({ readonly kind: 'zero-cost' } & ZeroCostFile);

/** Tells a file's form by its keys; `null` for any other than these four. */
export function referenceFile(json: unknown): ReferenceFile | null {
  if (z.looseObject({ initial: z.unknown(), batches: z.array(z.unknown()) }).safeParse(json).success) {
    return { kind: 'training', run: json };
  }
  const scores = zeroCostFile.safeParse(json).data;
  if (scores !== undefined) return { kind: 'zero-cost', ...scores };
  const { data } = caseFile.safeParse(json);
  if (data === undefined) return null;
  if (data.cases.every((given) => 'op' in given)) return { kind: 'operators', ...data };
  if (data.cases.every((given) => 'optimizer' in given)) return { kind: 'optimizers', ...data };
  return null;
}
