/** @file The JSON messages between the searching process and the processes that run its trials. */
import { z } from 'zod';
import type { EvaluationRequest } from '../evaluation/evaluation.js';
import { curvePointSchema, metricsSchema } from '../record/event.js';

/** To the worker: run this. It runs one request at a time. */
export interface WorkerCommand {
  readonly kind: 'evaluate';
  readonly request: EvaluationRequest;
}

/** From the worker. */
export const workerReportSchema = z.discriminatedUnion('kind', [
  /** It is loaded and waits for a command. */
  z.object({ kind: z.literal('ready') }),
  /** Its resident memory, where the operating system does not tell us. */
  z.object({ kind: z.literal('memory'), bytes: z.number() }),
  z.object({ kind: z.literal('point'), point: curvePointSchema }),
  z.object({
    kind: z.literal('completed'),
    /** `null` is what JSON makes of NaN. */
    result: z.object({ score: z.number().nullable(), metrics: metricsSchema, epochs: z.number() }),
  }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);

export type WorkerReport = z.infer<typeof workerReportSchema>;
