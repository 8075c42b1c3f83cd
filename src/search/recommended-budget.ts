/** @file A recommended budget as a search takes it: on a command line, and as a config file. */
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type TrainingWithFidelity, trainingWithFidelity } from '../evaluation/fidelity.js';
import { train } from '../evaluation/train.js';
import { writeResultFile } from '../model/result-files.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { configOf, finalPlanSchema } from './search-config.js';

/** The evaluation `train` with these settings, as it is written on a command line: without what holds by default. */
export function trainingText(settings: TrainingWithFidelity): string {
  const { fidelity: _, ...defaults } = trainingWithFidelity.parse({});
  const others = Object.entries(defaults).flatMap(([key]): string[] => {
    const text = (from: { readonly [setting: string]: unknown }) => JSON.stringify(from[key]);
    return text(settings) === text(defaults) ? [] : [`${key}=${text(settings)}`];
  });
  return others.length === 0 ? train.name : `${train.name}:${others.join(',')}`;
}

/** Writes the config of a search with the recommended budget beside the files of the study, and gives its path. */
export async function writeRecommendation(
  name: string,
  configuration: StudyConfiguration,
  { recommended, settings }: { readonly recommended: string; readonly settings: TrainingWithFidelity },
): Promise<string> {
  const plan = finalPlanSchema.parse(configuration.final);
  const file = join(plan.out, 'recommended.yaml');
  const text = stringify({
    ...configOf(configuration, plan),
    strategy: undefined,
    trials: undefined,
    final: undefined,
    evaluation: { name: train.name, ...settings, fidelity: undefined },
  });
  await writeResultFile(
    file,
    `# The search with the budget ${recommended}, which the study "${name}" recommends: nas search ${file}\n${text}`,
  );
  return file;
}
