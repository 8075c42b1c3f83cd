/** @file The program `nas`: runs the command that the arguments name, and ends with its exit status. */
import { run } from './run.js';

process.exitCode = await run(process.argv.slice(2));
