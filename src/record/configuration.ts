/** @file The complete configuration of a study: everything that fixes its trials, kept beside them as JSON. */
import { z } from 'zod';
import { type Measure, measureSchema, trainingMeasure } from '../evaluation/metric.js';
import type { Json } from '../json.js';
import { quantities } from '../quantity/quantity.js';
import type { Reference } from '../registry.js';

/** Any JSON value, without a further look inside. */
export const jsonSchema: z.ZodType<Json> = z.json();

const hexadecimal = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * What a study refers to: a space, a strategy, an evaluation or a stopping rule, one form for all. In older
 * stores a space is its name alone, and the modules of space and strategy stand beside them as `spaceModule` and `strategyModule`.
 */
const reference: z.ZodType<Reference> = z.strictObject({
  name: z.string().min(1),
  /** The absolute path of the module that exports it; absent for one that the program knows. */
  module: z.string().min(1).optional(),
  /** The SHA-256 of that module; absent in older stores. */
  digest: hexadecimal.optional(),
  /** The HMAC of path and digest with a key of the user who began the study; absent where there was no key. */
  seal: hexadecimal.optional(),
  /** Checked by the definition of that name. */
  settings: z.record(z.string(), jsonSchema),
});

/** `best`: the highest score. `knee`: the best trade-off with costs. `under`: the highest score with at most so much. */
const pickSchema = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('best') }),
  z.strictObject({ rule: z.literal('knee') }),
  z.strictObject({ rule: z.literal('under'), quantity: z.string().min(1), most: z.number().positive() }),
]);

const amount = z.number().positive().optional();

/**
 * What a study was asked to do. With the program's version it fixes every trial, bit for bit on one machine, for
 * strategies that do not depend on the order of the answers; for the others with one worker.
 */
export const studyConfigurationSchema = z.strictObject({
  space: reference,
  strategy: reference,
  /**
   * The quantities that the strategy minimises beside a high score, as it declares; none if absent. In older stores the setting
   * `minimise` of the strategy says so.
   */
  minimise: z.array(z.string().min(1)).optional(),
  evaluation: reference,
  /** What the evaluation measures, so that records can be read without it; what `train` measures if absent. */
  measure: measureSchema.optional(),
  /** The rule that ends trials early by their learning curves; none if absent. */
  stopping: reference.optional(),
  /** How the winner is chosen; by the highest score if absent. */
  pick: pickSchema.optional(),
  data: z.strictObject({
    reference: z.string().min(1),
    seed: z.int(),
    /** How the splits came about, as the dataset told when the study began; absent in studies that did not record it. */
    split: z.string().optional(),
  }),
  /** The most that a candidate may cost; no limit where absent. */
  constraints: z.partialRecord(z.enum(quantities.map(({ name }) => name)), amount),
  seed: z.int(),
  /** How many trials to run; `null` where only time or the space ends the study. */
  trials: z.int().min(1).nullable(),
  /** Seconds of searching after which no further trial begins, counted over all sessions; `null` for no such limit. */
  budgetSeconds: z.number().positive().nullable(),
  /** Trials that run at once. */
  workers: z.int().min(1),
  /** Intra-op threads of ONNX Runtime in each trial. */
  threads: z.int().min(1),
  /** What one trial may take; `null` for no limit. */
  limits: z.strictObject({
    seconds: z.number().positive().nullable(),
    /** Resident memory of the trial's process. */
    bytes: z.int().positive().nullable(),
  }),
  /** What the caller needs to finish the study: how the winner is trained and where files go. `null` for no final training. */
  final: jsonSchema,
});

/** What a study was asked to do: see `studyConfigurationSchema`. */
export type StudyConfiguration = z.infer<typeof studyConfigurationSchema>;

/** What the trials of a study are measured by. */
export const measureOf = ({ measure = trainingMeasure }: Pick<StudyConfiguration, 'measure'>): Measure => measure;
