/** @file The events of a study's log: the only things that are ever recorded, and never changed afterwards. */
import { z } from 'zod';
import type { Costs } from '../strategy/feasible/constraints.js';
import { jsonSchema } from './configuration.js';

/** A measured number. JSON has no NaN and no infinity: they travel as `null` and come back as NaN. */
const measured = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

/** Numbers by name: metrics. */
export const numbersSchema = z.record(z.string(), measured);

/** A point of a curve. */
export const pointSchema = z.strictObject({ epoch: z.number(), seconds: z.number().min(0), values: numbersSchema });

/** What a candidate costs: parameters, MACs, bytes, milliseconds; `null` where it was not measured. */
const costSchema = z.record(z.string(), z.number().nullable());

/** What is known of the costs of a candidate, by the names of quantities. */
export type CandidateCost = z.infer<typeof costSchema>;

/** The schema of `Artifact`. */
export const artifactSchema = z.strictObject({ digest: z.string().regex(/^[0-9a-f]{64}$/) });

/** Artefacts by name. */
export const artifactsSchema = z.record(z.string(), artifactSchema);

/** What was measured of a candidate. */
export const costsSchema = z.record(z.string(), z.number());

const trial = z.int().min(0);
const seconds = z.number().min(0);
const reason = z.string();

/** What a stopping rule held of a trial: after which epoch, and which score it would not beat. In terms of scores. */
const judgementSchema = z.strictObject({
  epoch: z.number(),
  /** Absent where no trial was there to beat. */
  bar: z.number().optional(),
  /** What it would come to, as a normal distribution; absent where the rule predicts nothing. */
  prediction: z.strictObject({ value: z.number(), deviation: z.number().min(0) }).optional(),
});

/** What a stopping rule held of a trial. */
export type StoppingJudgement = z.infer<typeof judgementSchema>;

/** How a session with a study ended: with its goal reached, on the user's wish, or by an error. */
const ending = z.enum(['finished', 'interrupted', 'failed']);

/** Why a search asks no further trials. */
const searchEnd = z.enum(['trials', 'budget', 'exhausted']);

/** Why a search asks no further trials. */
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
    /** Of its network; absent where there is none, and in studies that did not record it. */
    layers: z.int().min(0).optional(),
    /** The share of a full evaluation; a full one if absent. */
    fidelity: z.number().positive().max(1).optional(),
    /** The trial that it goes on from, or from whose architecture it descends. */
    parent: trial.optional(),
  }),
  /** Its evaluation began, perhaps again: earlier points of the trial no longer count. */
  z.strictObject({ kind: z.literal('started'), trial }),
  z.strictObject({ kind: z.literal('point'), trial, point: pointSchema }),
  z.strictObject({
    kind: z.literal('completed'),
    trial,
    /** The higher the better: what strategies are told. */
    score: z.number(),
    metrics: numbersSchema,
    seconds,
    costs: costsSchema.optional(),
    artifacts: artifactsSchema.optional(),
  }),
  z.strictObject({ kind: z.literal('failed'), trial, reason, seconds }),
  z.strictObject({ kind: z.literal('pruned'), trial, reason, seconds, judgement: judgementSchema.optional() }),
  /** It should have been stopped, but is let run to know whether that would have been wrong. */
  z.strictObject({ kind: z.literal('let-run'), trial, reason, judgement: judgementSchema }),
  z.strictObject({ kind: z.literal('infeasible'), trial, reason, costs: costsSchema.optional() }),
  /** Its process was killed or its worker vanished: that says nothing of the candidate. */
  z.strictObject({
    kind: z.literal('lost'),
    trial,
    reason,
    seconds,
    /** Whether it is asked again; if not, the trial is over without an answer. */
    again: z.boolean(),
  }),
  /** The search was stopped while the trial ran; it is asked again when the study goes on. */
  z.strictObject({ kind: z.literal('interrupted'), trial }),
  /** What trials share is being made, perhaps again: earlier points of it no longer count, but its last checkpoint does. */
  z.strictObject({ kind: z.literal('preparation-started') }),
  z.strictObject({ kind: z.literal('preparation-point'), point: pointSchema }),
  z.strictObject({ kind: z.literal('preparation-checkpoint'), artifact: artifactSchema }),
  z.strictObject({ kind: z.literal('prepared'), artifact: artifactSchema, seconds }),
  z.strictObject({ kind: z.literal('preparation-failed'), reason, seconds }),
  z.strictObject({ kind: z.literal('search-ended'), because: searchEnd }),
  z.strictObject({ kind: z.literal('final-started'), trial }),
  z.strictObject({ kind: z.literal('final-completed'), trial, result: jsonSchema, seconds }),
  z.strictObject({ kind: z.literal('final-failed'), trial, reason, seconds }),
  z.strictObject({ kind: z.literal('closed'), ending }),
]);

/** One event of a study, as the log holds it. */
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
