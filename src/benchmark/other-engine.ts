/** @file Another engine's benchmark, run as a command that prints JSON. */
import { spawn } from 'node:child_process';
import { z } from 'zod';
import { WorkError } from '../error.js';

const reportSchema = z.object({
  engine: z.string(),
  threads: z.number().optional(),
  results: z
    .array(
      z.object({
        network: z.string(),
        imagesPerSecond: z.number().positive(),
        peakMemoryBytes: z.number().positive().optional(),
      }),
    )
    .min(1),
});

/** What the other engine measured. */
export type EngineReport = z.infer<typeof reportSchema>;

/**
 * Runs a command line in a shell and reads its JSON.
 *
 * @throws {WorkError} where it fails, or prints something else
 */
export async function runEngine(command: string, onStart?: (what: string) => void): Promise<EngineReport> {
  onStart?.(command);
  const { status, output, errors } = await runShell(command);
  const last = errors.trim().split('\n').at(-1) ?? '';
  if (status !== 0) {
    throw new WorkError(`The command given to --against failed with exit status ${status}: ${last || command}.`);
  }
  const report = reportSchema.safeParse(parseJson(output));
  if (report.success) return report.data;
  throw new WorkError(
    `The command given to --against printed ${output.trim() === '' ? 'nothing' : 'something else than its results'}: it must print {"engine", "threads", "results": [{"network", "imagesPerSecond"}]} as JSON.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function runShell(command: string): Promise<{ status: number | string; output: string; errors: string }> {
  return new Promise((done, failed) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.once('error', failed);
    child.once('close', (status, signal) => done({ status: status ?? signal ?? 1, output, errors }));
  });
}
