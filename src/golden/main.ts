/** @file `npm run golden -- FOLDER`: checks the tensor layer against every reference file of a folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { messageOf, UsageError } from '../error.js';
import { checkOperator } from './operators.js';
import { checkOptimizer } from './optimizers.js';
import { referenceFile } from './reference.js';

interface Line {
  readonly name: string;
  /** In units of the tolerance; 1 is the most that passes. */
  readonly worst: number;
}

async function checkFile(path: string): Promise<Line[] | null> {
  const parsed = referenceFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) return null;
  const file = parsed.data;
  const lines: Line[] = [];
  if (file.kind === 'operators') {
    for (const given of file.cases) {
      lines.push({
        name: `${given.op} ${JSON.stringify(given.attrs)}`,
        worst: await checkOperator(given, file.tolerance),
      });
    }
  } else if (file.kind === 'optimizers') {
    for (const given of file.cases) {
      lines.push({
        name: `${given.optimizer} ${JSON.stringify(given.attrs)}`,
        worst: await checkOptimizer(given, file.tolerance),
      });
    }
  }
  return lines;
}

async function main(folder: string | undefined): Promise<number> {
  if (folder === undefined) throw new UsageError('name the folder of reference files: npm run golden -- FOLDER');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  if (files.length === 0) throw new UsageError(`there are no .json files in ${folder}`);
  let failures = 0;
  for (const file of files) {
    const lines = await checkFile(join(folder, file));
    if (lines === null) {
      console.log(`-      ${basename(file)}: neither operators, nor optimisers, nor a training run: not checked`);
      continue;
    }
    for (const { name, worst } of lines) {
      if (!(worst <= 1)) failures++;
      console.log(
        `${worst <= 1 ? 'ok    ' : 'FAILED'} ${basename(file)}: ${name}: worst error ${worst.toPrecision(3)} of the tolerance`,
      );
    }
  }
  console.log(failures === 0 ? 'all within their tolerances' : `${failures} outside their tolerances`);
  return failures === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
