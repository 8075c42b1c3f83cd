/** @file The JSON messages between the searching process and the processes that run its jobs. */
import { z } from 'zod';
import type { JobRequest } from '../evaluation/evaluation.js';
import { artifactSchema, artifactsSchema, costsSchema, numbersSchema, pointSchema } from '../record/event.js';

/** To the worker: run this. It runs one request at a time. */
export interface WorkerCommand {
  readonly kind: 'run';
  readonly request: JobRequest;
  /** The folder of the study's artefacts. */
  readonly artifacts: string;
}

/** From the worker. */
export const workerReportSchema = z.discriminatedUnion('kind', [
  /** It is loaded and waits for a command. */
  z.object({ kind: z.literal('ready') }),
  /** Its resident memory, where the operating system does not tell us. */
  z.object({ kind: z.literal('memory'), bytes: z.number() }),
  z.object({ kind: z.literal('point'), point: pointSchema }),
  z.object({ kind: z.literal('checkpoint'), artifact: artifactSchema }),
  z.object({
    kind: z.literal('completed'),
    result: z.object({
      metrics: numbersSchema,
      costs: costsSchema.exactOptional(),
      artifacts: artifactsSchema.exactOptional(),
    }),
  }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);

export type WorkerReport = z.infer<typeof workerReportSchema>;
