/**
 * @file A searching process for tests that kill it: begins or resumes the study that its one argument describes (JSON),
 * and prints the result. It runs the compiled project.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeEngine } from '../../dist/engine/node-engine.js';
import { ProcessPool } from '../../dist/execution/process-pool.js';
import { StudyStore } from '../../dist/store/store.js';
import { resumeStudy, runStudy } from '../../dist/study/runner.js';
import { setupOf } from '../../dist/study/setup.js';

const { file, name, configuration, target, finals } = JSON.parse(process.argv[2]);
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

const store = StudyStore.open(file);
const executor = new ProcessPool({
  threads: 1,
  limits: configuration.limits,
  artifacts: store.artifactFolder,
  entry: new URL('./fake-worker.mjs', import.meta.url),
});
const options = {
  store,
  executor,
  setup: setupOf(configuration, { target, engine: nodeEngine() }),
  signal: controller.signal,
  onNews: (news) => process.stderr.write(`${news.kind}\n`),
  finalize: async (best, { signal }) => {
    if (finals) appendFileSync(finals, `${best.number}\n`);
    await pause(300, undefined, { signal });
    return { trial: best.number };
  },
};
try {
  const exists = store.studies().some((study) => study.name === name);
  const result = await (exists ? resumeStudy(name, options) : runStudy(name, configuration, options));
  process.stdout.write(JSON.stringify(result));
  process.exitCode = result.interrupted ? 130 : 0;
} catch (error) {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exitCode = error.name === 'UsageError' ? 2 : 1;
} finally {
  await executor.close();
  store.close();
}
