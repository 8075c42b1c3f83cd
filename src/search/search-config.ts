/** @file The settings of a search as users write them, in a YAML file or as options, and as a study keeps them. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { datasets } from '../data/registry.js';
import { messageOf, UsageError } from '../error.js';
import { evaluationRegistry } from '../evaluation/registry.js';
import { train } from '../evaluation/train.js';
import type { Json } from '../json.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { checkReference, writtenReference } from '../reference/reference.js';
import { checkSettings } from '../settings-error.js';
import { spaceRegistry } from '../space/registry.js';
import { strategyRegistry } from '../strategy/registry.js';
import { stoppingRegistry } from '../strategy/stopping/registry.js';
import { finalImageViews } from '../training/train-settings.js';
import { parsePick, pickAllowed, pickText } from './pick.js';
import { byteCount, count, duration, integer, positive, processMemory, type Quantity, seed } from './quantity.js';

/** A number, or a text such as `60k`. */
const quantity = ({ parse, allowed }: Quantity) =>
  z.unknown().transform((value, context) => {
    const isText = typeof value === 'number' || typeof value === 'string';
    const number = isText ? parse(String(value)) : undefined;
    if (number !== undefined) return number;
    context.issues.push({ code: 'custom', message: allowed, input: value });
    return z.NEVER;
  });

const text = z.string().min(1);

/** A name or the path of a module alone, or with settings beside it: `{ name: train, epochs: 2 }`. */
const named = z
  .union([text, z.looseObject({ name: text })], { error: 'a name, or a name with its settings (name: NAME)' })
  .transform((value) => {
    if (typeof value === 'string') return { name: value, settings: {} };
    const { name, ...settings } = value;
    return { name, settings };
  });

const pick = z.unknown().transform((value, context) => {
  const rule = typeof value === 'string' ? parsePick(value) : undefined;
  if (rule !== undefined) return rule;
  context.issues.push({ code: 'custom', message: pickAllowed, input: value });
  return z.NEVER;
});

/** Every setting of a search. Unknown ones are errors. */
const searchConfigSchema = z.strictObject({
  /** A built-in name or a path. */
  data: text,
  space: named.prefault('mobile'),
  strategy: named.prefault('regularized-evolution'),
  evaluation: named.prefault('train'),
  /** Ends trials early by their learning curves. */
  stopping: named.optional(),
  /** `best` score, `knee` of the front, or the best score under a bound such as `params<=60k`. */
  pick: pick.optional(),
  maxParams: quantity(count).optional(),
  maxMacs: quantity(count).optional(),
  /** Bytes of peak activation memory. */
  maxMemory: quantity(byteCount).optional(),
  maxLatencyMs: quantity(positive).optional(),
  /** Default 20, or no limit where there is a budget. */
  trials: quantity(integer(1, 1_000_000)).optional(),
  /** Time after which no further trial begins. */
  budget: quantity(duration).optional(),
  /** Default: one for each thread's worth of cores, at most 8. */
  workers: quantity(integer(1, 256)).optional(),
  threads: quantity(integer(1, 256)).prefault(1),
  trialTime: quantity(duration).optional(),
  trialMemory: quantity(processMemory).optional(),
  seed: quantity(seed).prefault(0),
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][\w.-]{0,99}$/,
      '1 to 100 letters, digits, dots, dashes and underscores that begin with a letter or digit',
    )
    .optional(),
  store: text.optional(),
  out: text.optional(),
  /** `false`, or settings of the evaluation `train` for the final training of the winner. */
  final: z
    .union([z.boolean(), z.record(z.string(), z.json())], { error: 'false, or the settings of the final training' })
    .prefault(true),
});

/** The settings of a search as `search` takes them: what a YAML config holds. */
export type SearchConfig = z.input<typeof searchConfigSchema>;

const jsonObject: z.ZodType<{ readonly [key: string]: Json }> = z.record(z.string(), z.json());

/** What `study.final` holds. */
export const finalPlanSchema = z.strictObject({
  /** The folder for the results. */
  out: z.string(),
  /** Settings of the evaluation `train`; `null` for no final training. */
  training: jsonObject.nullable(),
});

export type FinalPlan = z.infer<typeof finalPlanSchema>;

/** A config that was checked as far as that goes without its data. */
export interface CheckedSearch {
  /** As the user wants it; `undefined` for one that follows from the data. */
  readonly name: string | undefined;
  readonly store: string | undefined;
  readonly out: string | undefined;
  readonly training: { readonly [key: string]: Json } | null;
  /** Lacks only what is decided when the study begins. */
  readonly configuration: Omit<StudyConfiguration, 'final'>;
}

const defaultTrials = 20;

const defaultWorkers = (threads: number): number =>
  Math.max(1, Math.min(8, Math.floor(availableParallelism() / threads)));

/**
 * Checks a config.
 *
 * @param source where it was read, for errors
 * @throws UsageError about the first thing that is wrong: the setting, the value found, what is allowed
 */
export async function checkSearchConfig(config: unknown, source?: string): Promise<CheckedSearch> {
  const checked = checkSettings(searchConfigSchema, config, { source });
  const place = (key: string) => ({ path: [key], source });
  const space = await checkReference(checked.space, spaceRegistry, place('space'));
  const strategy = await checkReference(checked.strategy, strategyRegistry, place('strategy'));
  const evaluation = await checkReference(checked.evaluation, evaluationRegistry, place('evaluation'));
  const stopping = checked.stopping && (await checkReference(checked.stopping, stoppingRegistry, place('stopping')));
  return {
    name: checked.name,
    store: checked.store,
    out: checked.out,
    training:
      checked.final === false
        ? null
        : jsonObject.parse(
            checkSettings(
              train.settings,
              { imageViews: finalImageViews, ...(checked.final === true ? {} : checked.final) },
              place('final'),
            ),
          ),
    configuration: {
      space: space.reference,
      strategy: strategy.reference,
      evaluation: evaluation.reference,
      ...(stopping !== undefined && { stopping: stopping.reference }),
      ...(checked.pick !== undefined && { pick: checked.pick }),
      data: { reference: absoluteReference(checked.data), seed: checked.seed },
      constraints: {
        params: checked.maxParams,
        macs: checked.maxMacs,
        peakActivationBytes: checked.maxMemory,
        latencyMs: checked.maxLatencyMs,
      },
      seed: checked.seed,
      trials: checked.trials ?? (checked.budget === undefined ? defaultTrials : null),
      budgetSeconds: checked.budget ?? null,
      workers: checked.workers ?? defaultWorkers(checked.threads),
      threads: checked.threads,
      limits: { seconds: checked.trialTime ?? null, bytes: checked.trialMemory ?? null },
    },
  };
}

/** The config that gives a study again; settings that are `undefined` have no limit. */
export function configOf(configuration: StudyConfiguration, { training }: FinalPlan) {
  const {
    space,
    strategy,
    evaluation,
    stopping,
    pick,
    data,
    constraints,
    trials,
    budgetSeconds,
    workers,
    threads,
    limits,
    seed,
  } = configuration;
  return {
    data: data.reference,
    space: writtenReference(space),
    strategy: writtenReference(strategy),
    evaluation: writtenReference(evaluation),
    stopping: stopping && writtenReference(stopping),
    pick: pick && pickText(pick),
    maxParams: constraints.params,
    maxMacs: constraints.macs,
    maxMemory: constraints.peakActivationBytes,
    maxLatencyMs: constraints.latencyMs,
    trials: trials ?? undefined,
    budget: budgetSeconds === null ? undefined : `${budgetSeconds}s`,
    workers,
    threads,
    trialTime: limits.seconds === null ? undefined : `${limits.seconds}s`,
    trialMemory: limits.bytes ?? undefined,
    seed,
    final: training ?? false,
  };
}

/**
 * The reference with its path made absolute: a study may be resumed from another folder. A bare word
 * that names nothing here stays as it is: it may be a misspelt name.
 */
function absoluteReference(reference: string): string {
  for (const { name } of datasets) {
    if (reference === name) return reference;
    if (reference.startsWith(`${name}:`)) return `${name}:${resolve(reference.slice(name.length + 1))}`;
  }
  return /^[\w-]+$/.test(reference) && !existsSync(reference) ? reference : resolve(reference);
}

/**
 * Reads a YAML config file, unchecked.
 *
 * @throws UsageError where it cannot be read, or is not YAML with settings by name
 */
export async function readSearchConfig(file: string): Promise<{ readonly [key: string]: unknown }> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new UsageError(`There is no config file ${file}.`);
    if (code === 'EISDIR') {
      throw new UsageError(
        `The config ${file} is a folder, not a file. To learn from its images, write --data ${file}.`,
      );
    }
    throw new UsageError(`The config file ${file} cannot be read (${messageOf(error)}).`);
  }
  const document = parseDocument(content);
  const [problem] = document.errors;
  if (problem?.code === 'MULTIPLE_DOCS') {
    throw new UsageError(`The config file ${file} holds several documents, divided by ---: keep one.`);
  }
  if (problem !== undefined) throw notYaml(file, problem);
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // Aliases are looked up only here: unknown ones, and those that would fill the memory.
    throw notYaml(file, error);
  }
  if (value === null) return {};
  const settings = z.record(z.string(), z.unknown()).safeParse(value);
  if (settings.success) return settings.data;
  throw new UsageError(
    `The config file ${file} holds no settings: it must be lines of NAME: VALUE, such as "data: digits".`,
  );
}

const notYaml = (file: string, problem: unknown): UsageError =>
  new UsageError(`The config file ${file} is not YAML: ${messageOf(problem).split('\n', 1)[0]?.replace(/:$/, '')}.`);
