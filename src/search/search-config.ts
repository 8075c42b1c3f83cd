/** @file A config of a search, checked: what users write becomes what a study keeps, and comes back from it. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { datasets } from '../data/registry.js';
import { evaluationNamed, evaluationRegistry } from '../evaluation/registry.js';
import type { Json } from '../json.js';
import { type StudyConfiguration, studyConfigurationSchema } from '../record/configuration.js';
import { checkReference } from '../reference/reference.js';
import { place, type WrittenReference, type WrittenSettings } from '../reference/reference-text.js';
import type { Definition, Reference, Registry } from '../registry.js';
import { checkSettings } from '../settings-error.js';
import { spaceRegistry } from '../space/registry.js';
import { minimised } from '../strategy/feasible/constraints.js';
import { strategyNamed, strategyRegistry } from '../strategy/registry.js';
import { stoppingRegistry } from '../strategy/stopping/registry.js';
import { finalImageViews, trainSettings } from '../training/train-settings.js';
import { type SettingName, searchConfigSchema, settingRows } from './settings.js';

const jsonObject: z.ZodType<{ readonly [key: string]: Json }> = z.record(z.string(), z.json());

/** What `study.final` holds. */
export const finalPlanSchema = z.strictObject({
  /** The folder for the results. */
  out: z.string(),
  /** Settings of the evaluation `train`; `null` for no final training. */
  training: jsonObject.nullable(),
});

/** Where results go, and how the winner is trained at length. */
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

/** What references refer to. */
const registries = {
  space: spaceRegistry,
  strategy: strategyRegistry,
  evaluation: evaluationRegistry,
  stopping: stoppingRegistry,
};

const configurationSchema = studyConfigurationSchema.omit({ final: true });

/**
 * Checks a config.
 *
 * @param source where it was read, for errors
 * @throws {UsageError} where something is wrong, about the first such thing: the setting, the value found, what is
 *   allowed
 */
export async function checkSearchConfig(config: unknown, source?: string): Promise<CheckedSearch> {
  const checked = checkSettings(searchConfigSchema, config, { source });
  const { name, store, out, data, trials, budget, workers, threads } = checked;
  const references = await checkReferences(checked, source);
  const { measure } = evaluationNamed(references.evaluation.name);
  const minimise = minimisedBy(references.strategy);
  const values: { readonly [S in SettingName]?: unknown } = {
    ...checked,
    ...references,
    data: absoluteReference(data),
    trials: trials ?? (budget === undefined ? defaultTrials : undefined),
    workers: workers ?? defaultWorkers(threads),
  };
  const configuration = configurationSchema.parse({ ...recordOf(values), measure, minimise });
  return { name, store, out, training: checkFinal(checked.final, source), configuration };
}

/** The references among the settings, as a study keeps them. */
async function checkReferences(checked: z.output<typeof searchConfigSchema>, source: string | undefined) {
  const check = async (key: keyof typeof registries, written: WrittenReference): Promise<Reference> => {
    const registry: Registry<Definition> = registries[key];
    return (await checkReference(written, registry, { path: [key], source })).reference;
  };
  return {
    space: await check('space', checked.space),
    strategy: await check('strategy', checked.strategy),
    evaluation: await check('evaluation', checked.evaluation),
    ...(checked.stopping !== undefined && { stopping: await check('stopping', checked.stopping) }),
  };
}

function checkFinal(
  final: boolean | { readonly [key: string]: Json },
  source: string | undefined,
): CheckedSearch['training'] {
  if (final === false) return null;
  const settings = { imageViews: finalImageViews, ...(final === true ? {} : final) };
  return jsonObject.parse(checkSettings(trainSettings, settings, { path: ['final'], source }));
}

/** What the strategy of a search minimises, as its definition declares. */
const minimisedBy = (strategy: Reference): string[] =>
  minimised(strategyNamed(strategy.name).quantities?.(strategy.settings) ?? []);

/** The values at their places in the record of a study. The plan for the winner, `final`, is made later. */
function recordOf(values: { readonly [S in SettingName]?: unknown }): WrittenSettings {
  let record: WrittenSettings = { constraints: {} };
  for (const [key, { recorded = [], absent }] of settingRows) {
    const value = values[key] ?? absent;
    if (value === undefined) continue;
    for (const path of recorded) record = place(record, { path: path.split('.'), value });
  }
  return record;
}

/** The config that gives a study again; settings without a value have no limit. */
export function configOf(
  configuration: StudyConfiguration,
  { training }: FinalPlan,
): { readonly [S in SettingName]?: unknown } {
  const study = { ...configuration, training };
  return Object.fromEntries(settingRows.map(([key, { written }]) => [key, written?.(study) ?? undefined]));
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
