/** @file `npm run golden -- FOLDER`: exits with 0 where all is within its tolerance, 1 where not, 2 for wrong usage. */
import { nodeEngine } from '../engine/node-engine.js';
import { messageOf, UsageError } from '../error.js';
import { golden } from './golden.js';

try {
  process.exitCode = await golden(nodeEngine(), process.argv[2], console.log);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
