/** @file The program `nas`: runs the command that the arguments name, and ends with its exit status. */
import { ownProcess } from './host.js';
import { run } from './run.js';
import { superviseModules } from './supervision/needs-supervision.js';

superviseModules();
process.exitCode = await run(process.argv.slice(2), ownProcess());
