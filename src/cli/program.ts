/** @file The program with all its commands. */
import type { Command } from 'commander';
import { version } from '../version.js';
import { benchCommand } from './commands/bench.js';
import { convertCommand } from './commands/convert.js';
import { correlateCommand } from './commands/correlate.js';
import { costCommand } from './commands/cost.js';
import { dataCommand } from './commands/data.js';
import { doctorCommand } from './commands/doctor.js';
import { evaluateCommand } from './commands/evaluate.js';
import { evaluationsCommand } from './commands/evaluations.js';
import { growCommand } from './commands/grow.js';
import { presetsCommand } from './commands/presets.js';
import { resumeCommand } from './commands/resume.js';
import { sampleCommand } from './commands/sample.js';
import { scoreCommand } from './commands/score.js';
import { searchCommand } from './commands/search.js';
import { showCommand } from './commands/show.js';
import { spacesCommand } from './commands/spaces.js';
import { strategiesCommand } from './commands/strategies.js';
import { studiesCommand } from './commands/studies.js';
import { trainCommand } from './commands/train.js';
import { type CommandContext, createCommand } from './frame.js';

/** Every command, in the order in which the help lists them. */
const commands: readonly ((context: CommandContext) => Command)[] = [
  searchCommand,
  resumeCommand,
  studiesCommand,
  showCommand,
  costCommand,
  correlateCommand,
  trainCommand,
  growCommand,
  evaluateCommand,
  spacesCommand,
  presetsCommand,
  strategiesCommand,
  evaluationsCommand,
  dataCommand,
  sampleCommand,
  convertCommand,
  scoreCommand,
  benchCommand,
  doctorCommand,
];

/** The program; `parseAsync` runs the command that the arguments name. */
export function createProgram(context: CommandContext): Command {
  const program = createCommand('nas', {
    summary: 'searches, trains, times and exports small neural networks',
    description:
      'Neural architecture search: give it images and a budget, and it returns a trained ONNX model with its accuracy, size and latency.',
    example: 'nas search --data digits --trials 10 --max-params 30k',
  })
    .version(version, '-V, --version', 'show the version')
    .option('--json', 'print one JSON document and nothing else')
    .option('-q, --quiet', 'print the result only')
    .option('--debug', 'show the stack trace of an error');
  for (const create of commands) program.addCommand(create(context));
  return program;
}
