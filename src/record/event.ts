/** @file The events of a study's log: the only things that are ever recorded, and never changed afterwards. */
import { z } from 'zod';
import type { Costs } from '../strategy/feasible/constraints.js';
import { jsonSchema } from './configuration.js';

/** A measured number. JSON has no NaN and no infinity: they travel as `null` and come back as NaN. */
const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

/** A point of a learning curve, as `CurvePoint` has it. */
export const curvePointSchema = z.object({
  epoch: z.number(),
  images: z.number(),
  learningRate: measured,
  trainLoss: measured,
  validLoss: measured,
  validAccuracy: measured,
  seconds: z.number(),
});

/** Numbers by name: metrics. */
export const metricsSchema = z.record(z.string(), measured);

/** What a candidate costs: parameters, MACs, bytes, milliseconds; `null` where it was not measured. */
const costSchema = z.record(z.string(), z.number().nullable());

export type CandidateCost = z.infer<typeof costSchema>;

const trial = z.int().min(0);
const seconds = z.number().min(0);
const reason = z.string();

/** How a session with a study ended: with its goal reached, on the user's wish, or by an error. */
const ending = z.enum(['finished', 'interrupted', 'failed']);

/** Why a search asks no further trials. */
const searchEnd = z.enum(['trials', 'budget', 'exhausted']);

export type SearchEnd = z.infer<typeof searchEnd>;

/** What of the costs is known, as strategies see it. */
export const knownCosts = (cost: CandidateCost): Costs =>
  Object.fromEntries(Object.entries(cost).map(([quantity, amount]) => [quantity, amount ?? undefined]));

/** What can happen in a study. */
export const happeningSchema = z.discriminatedUnion('kind', [
  /** A process took the study up. */
  z.strictObject({ kind: z.literal('opened'), process: z.int(), host: z.string() }),
  /** The strategy proposed an architecture; trials count from 0 in the order of the proposals. */
  z.strictObject({
    kind: z.literal('asked'),
    trial,
    seed: z.int(),
    architecture: jsonSchema,
    cost: costSchema,
    /** The share of a full evaluation; a full one if absent. */
    budget: z.number().positive().max(1).optional(),
  }),
  /** Its evaluation began, perhaps again: earlier points of the trial no longer count. */
  z.strictObject({ kind: z.literal('started'), trial }),
  z.strictObject({ kind: z.literal('point'), trial, point: curvePointSchema }),
  z.strictObject({
    kind: z.literal('completed'),
    trial,
    score: z.number(),
    metrics: metricsSchema,
    epochs: z.number(),
    seconds,
  }),
  z.strictObject({ kind: z.literal('failed'), trial, reason, seconds }),
  z.strictObject({ kind: z.literal('pruned'), trial, reason, seconds }),
  z.strictObject({ kind: z.literal('infeasible'), trial, reason }),
  /** The search was stopped while the trial ran; it is asked again when the study goes on. */
  z.strictObject({ kind: z.literal('interrupted'), trial }),
  z.strictObject({ kind: z.literal('search-ended'), because: searchEnd }),
  z.strictObject({ kind: z.literal('final-started'), trial }),
  z.strictObject({ kind: z.literal('final-completed'), trial, result: jsonSchema, seconds }),
  z.strictObject({ kind: z.literal('final-failed'), trial, reason, seconds }),
  z.strictObject({ kind: z.literal('closed'), ending }),
]);

export type Happening = z.infer<typeof happeningSchema>;

/** A happening and when it was recorded. */
export type StudyEvent = Happening & {
  /** Milliseconds since 1970, by a clock that may be set anew at any time. */
  readonly at: number;
  /** Seconds since its session opened the study, by a clock that only goes forward; absent in studies of version 1. */
  readonly elapsed?: number;
};

/** An event with its place in the log: later events have larger ids, also over several studies of a store. */
export type RecordedEvent = StudyEvent & { readonly id: number };
