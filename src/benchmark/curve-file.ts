/** @file Learning curves from a file: a list of architectures, each with what was measured of it epoch by epoch. */
import { z } from 'zod';
import { readBinaryFile } from '../data/binary-file.js';
import { messageOf, UsageError } from '../error.js';
import type { FinishedCurve } from '../learning-curve/features.js';

/** A learning curve of an architecture. */
export interface ArchitectureCurve extends FinishedCurve {
  /** In a notation of its space. */
  readonly architecture: string;
}

const record = z
  .object({ arch: z.string().min(1) })
  .catchall(z.union([z.number(), z.array(z.number().nullable()), z.string()]));

/**
 * Reads a JSON file, gzip'd where its name ends in `.gz`: a list of `{"arch": …, "validAccuracy": [one number an epoch], …}`.
 * Lists beside the metric and single numbers are what else is known of each architecture.
 *
 * @param metric the name of the lists whose ends are to be predicted, the higher the better; the others end with them
 * @throws {UsageError} where the file cannot be read, lists are missing, empty, of different lengths, or hold what is no number
 */
export async function readCurves(path: string, metric: string): Promise<ArchitectureCurve[]> {
  const records = parse(new TextDecoder().decode(await readBinaryFile(path)), path);
  return records.map(({ arch: architecture, ...values }, place) => {
    const where = `Curve ${place + 1} of ${path}`;
    const lists = Object.entries(values).flatMap(([name, value]) =>
      Array.isArray(value) ? [[name, value] as const] : [],
    );
    const numbers = Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
    const series = new Map(lists.map(([name, list]) => [name, checkList(list, name, where)]));
    const own = series.get(metric);
    if (own === undefined) {
      throw new UsageError(
        `${where} has no list "${metric}": name one of ${[...series.keys()].join(', ') || 'its lists, of which it has none'} with --metric.`,
      );
    }
    const epochs = records[0]?.[metric];
    const expected = Array.isArray(epochs) ? epochs.length : own.length;
    for (const [name, list] of series) {
      if (list.length === expected) continue;
      throw new UsageError(
        `${where} has ${list.length} values of ${name}, but curve 1 has ${expected} of ${metric}: all lists must be of one length.`,
      );
    }
    series.delete(metric);
    return {
      architecture,
      values: own,
      beside: Object.fromEntries(series),
      facts: Object.fromEntries(numbers),
      final: own.at(-1) ?? Number.NaN,
    };
  });
}

function parse(text: string, path: string): z.infer<typeof record>[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is no JSON (${messageOf(error)}).`);
  }
  const { data, error } = z.array(record).min(1).safeParse(json);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new UsageError(
    `${path} is no list of curves, {"arch": "…", "NAME": [numbers]}: at ${issue?.path.join('.') || 'its top'}, ${issue?.message ?? 'something is wrong'}.`,
  );
}

function checkList(list: readonly (number | null)[], name: string, where: string): number[] {
  if (list.length === 0) throw new UsageError(`${where} has no values of ${name}.`);
  return list.map((value, place) => {
    if (value !== null && Number.isFinite(value)) return value;
    throw new UsageError(
      `${where} has ${value} as its ${name} of epoch ${place + 1}, but it must be a finite number: leave the curve out.`,
    );
  });
}
