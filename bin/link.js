/**
 * @file Makes `npx nas` work at once in a clone: npm links the programs of dependencies, not a project's own, and would
 * install the clone into its cache first. Where links cannot be made, that is what happens.
 */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';

const link = new URL('../node_modules/.bin/nas', import.meta.url);
try {
  mkdirSync(new URL('.', link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync('../../bin/nas.js', link);
} catch (error) {
  console.warn(`npx nas will be slow at its first call: ${error.message}`);
}
