/** @file Checks the tensor layer and training against every reference file of a folder, and says how far each is off. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { blockSize } from '../engine/blocked-kernels.js';
import type { Engine } from '../engine/engine.js';
import { messageOf, UsageError } from '../error.js';
import type { Deviation } from './deviation.js';
import { checkOperator } from './operators.js';
import { checkOptimizer } from './optimizers.js';
import {
  operatorCase,
  optimizerCase,
  referenceFile,
  type Tolerance,
  trainingRun,
  type ZeroCostFile,
} from './reference.js';
import { checkTraining } from './training.js';
import { checkScores } from './zero-cost.js';

/** The result of one check. */
export interface Line {
  readonly state: 'ok' | 'FAILED' | '-';
  readonly text: string;
}

/** What computes, and the lowerings to check: channels in a block, `null` for standard operators. */
interface Means {
  readonly engine: Engine;
  readonly lowerings: readonly (number | null)[];
}

type Checked = Deviation & { readonly name: string; readonly blocks?: number | null };

/**
 * Prints one line a check.
 *
 * @returns 0 where all are within their tolerances, 1 where any is not or could not be checked.
 * @throws {UsageError} where there is no folder, or nothing to check in it
 */
export async function golden(
  engine: Engine,
  folder: string | undefined,
  print: (line: string) => void,
): Promise<number> {
  if (folder === undefined || folder === '') {
    throw new UsageError('Name the folder of reference files: npm run golden -- FOLDER.');
  }
  const files = referenceFiles(folder);
  const blocks = await blockSize(engine);
  const lowerings = blocks === null ? [null] : [null, blocks];
  print(
    blocks === null
      ? 'Standard operators only: this processor has no blocked kernels.'
      : `Standard operators and kernels blocked by ${blocks} channels; the worse of both is shown.`,
  );
  let checked = 0;
  let failures = 0;
  for (const file of files) {
    for await (const { state, text } of checkFile(join(folder, file), { engine, lowerings })) {
      if (state !== '-') checked++;
      if (state === 'FAILED') failures++;
      print(`${state.padEnd(6)} ${file}: ${text}`);
    }
  }
  if (checked === 0) throw new UsageError(`No file in ${folder} holds reference values that can be checked.`);
  print(failures === 0 ? `All ${checked} within their tolerances.` : `${failures} of ${checked} failed.`);
  return failures === 0 ? 0 : 1;
}

function referenceFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new UsageError(`The folder ${folder} cannot be read: ${messageOf(error)}.`);
  }
  const files = names.filter((name) => name.toLowerCase().endsWith('.json')).sort();
  if (files.length === 0) throw new UsageError(`There are no .json files in ${folder}.`);
  return files;
}

async function* checkFile(path: string, means: Means): AsyncGenerator<Line> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    yield { state: 'FAILED', text: `not to be read as JSON: ${messageOf(error)}` };
    return;
  }
  const file = referenceFile(json);
  if (file === null) {
    yield { state: '-', text: 'holds neither operators, nor optimisers, nor a training run, nor scores: not checked' };
    return;
  }
  if (file.kind === 'training') {
    yield* lines('training run', () => checkRun(file.run, means));
    return;
  }
  if (file.kind === 'zero-cost') {
    for (const given of file.cases) yield* lines(given.arch, () => checkCase(file, given, means));
    return;
  }
  for (const [index, given] of file.cases.entries()) {
    yield* lines(`case ${index + 1}`, async () =>
      file.kind === 'operators'
        ? [await checkOperatorCase(given, file.tolerance, means)]
        : [await checkOptimizerCase(given, file.tolerance, means)],
    );
  }
}

/** One line a deviation; a single failed one where the check throws. */
async function* lines(name: string, check: () => Promise<readonly Checked[]>): AsyncGenerator<Line> {
  try {
    for (const deviation of await check()) yield lineOf(deviation);
  } catch (error) {
    yield { state: 'FAILED', text: `${name}: ${reasonOf(error)}` };
  }
}

function lineOf({ name, part, worst, blocks = null }: Checked): Line {
  const where = blocks === null ? part : `${part}, blocked`;
  const size = Number.isFinite(worst)
    ? `${worst.toPrecision(3)} of the tolerance`
    : 'not a number, or of another shape';
  return { state: worst <= 1 ? 'ok' : 'FAILED', text: `${name}: worst error ${size} (${where})` };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return messageOf(error);
  return error.issues.map(({ path, message }) => `${path.join('.') || 'the case'}: ${message}`).join('; ');
}

async function checkOperatorCase(json: unknown, tolerance: Tolerance, { engine, lowerings }: Means): Promise<Checked> {
  const given = operatorCase.parse(json);
  const name = `${given.op} ${JSON.stringify(given.attrs)}`;
  const checked: Checked[] = [];
  for (const blocks of lowerings)
    checked.push({ name, blocks, ...(await checkOperator(engine, given, tolerance, blocks)) });
  return checked.reduce((worst, other) => (other.worst > worst.worst ? other : worst));
}

async function checkOptimizerCase(json: unknown, tolerance: Tolerance, { engine }: Means): Promise<Checked> {
  const given = optimizerCase.parse(json);
  return {
    name: `${given.optimizer} ${JSON.stringify(given.attrs)}`,
    ...(await checkOptimizer(engine, given, tolerance)),
  };
}

function checkRun(json: unknown, { engine, lowerings }: Means): Promise<Checked[]> {
  const run = trainingRun.parse(json);
  return worstOfLowerings(lowerings, (blocks) => checkTraining(engine, run, blocks));
}

function checkCase(file: ZeroCostFile, given: ZeroCostFile['cases'][number], means: Means): Promise<Checked[]> {
  return worstOfLowerings(means.lowerings, async (blocks) => {
    const deviations = await checkScores(means.engine, file, given, blocks);
    return deviations.map(({ part, worst }) => ({ name: part, part: given.arch, worst }));
  });
}

/** Each part in the lowering in which it is worse. */
async function worstOfLowerings(
  lowerings: Means['lowerings'],
  check: (blocks: number | null) => Promise<readonly Checked[]>,
): Promise<Checked[]> {
  const worst = new Map<string, Checked>();
  for (const blocks of lowerings) {
    for (const deviation of await check(blocks)) {
      const known = worst.get(deviation.name);
      if (known === undefined || deviation.worst > known.worst) worst.set(deviation.name, { blocks, ...deviation });
    }
  }
  return [...worst.values()];
}
