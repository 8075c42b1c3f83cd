/** @file What a supervising process and the process with the user's code tell each other. */
import { z } from 'zod';

const stream = z.enum(['stdout', 'stderr']);

/** What the terminal can do, as far as it concerns the text that is written. */
const streamFacts = z.object({ isTTY: z.boolean(), columns: z.number().optional() });

export type StreamFacts = z.infer<typeof streamFacts>;

/** To the process with the user's code. */
export const orderSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), args: z.array(z.string()), stdout: streamFacts, stderr: streamFacts }),
  z.object({ kind: z.literal('resized'), stdout: streamFacts, stderr: streamFacts }),
  z.object({ kind: z.literal('signal'), signal: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP']) }),
]);

export type Order = z.infer<typeof orderSchema>;

/** From the process with the user's code. */
export const reportSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('write'), stream, text: z.string() }),
  /** A signal was heard, and is acted on. */
  z.object({ kind: z.literal('heard') }),
  /** There is something that can be gone on with by this command. */
  z.object({ kind: z.literal('resumable'), command: z.string() }),
  /** The command has ended. */
  z.object({ kind: z.literal('done'), status: z.int() }),
  /** The user's code has ended the process. */
  z.object({ kind: z.literal('exit'), reason: z.string() }),
]);

export type Report = z.infer<typeof reportSchema>;

/** From the thread that watches: the calls of the user's code that have run for a while, in the order in which they began. */
export const watchedCallsSchema = z.array(
  z.object({
    module: z.string(),
    name: z.string(),
    seconds: z.number(),
    /** By how much the process has grown since the call began. */
    bytes: z.number(),
  }),
);

export type WatchedCalls = z.infer<typeof watchedCallsSchema>;

/** The file descriptor by which the watching thread tells them, a line of JSON each. */
export const WATCH_DESCRIPTOR = 4;
