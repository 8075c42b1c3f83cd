/** @file The child process that runs jobs: told by messages what to do, it answers with points and a result. */
import type { WorkerCommand, WorkerReport } from './worker-message.js';

const MEMORY_REPORT_MILLISECONDS = 250;

// A terminal sends Ctrl-C to the whole process group. The searching process decides what becomes of the trials.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// The channel closes when the searching process ends, however it ends: nobody is left to report to.
process.on('disconnect', () => process.exit(0));

// Loaded only now: a signal that comes during the long load must find its handler.
const { nodeEngine } = await import('../engine/node-engine.js');
const { evaluationRegistry } = await import('../evaluation/registry.js');
const { referred } = await import('../reference/reference.js');
const { messageOf } = await import('../error.js');
const { runJob } = await import('./run-job.js');
const { ArtifactFiles } = await import('../store/artifact-files.js');

const engine = nodeEngine();

process.on('message', (command: WorkerCommand) => {
  void run(command).then(report);
});
// Linux tells the memory of any process in /proc; elsewhere the process tells it itself.
if (process.platform !== 'linux') {
  setInterval(() => report({ kind: 'memory', bytes: process.memoryUsage.rss() }), MEMORY_REPORT_MILLISECONDS).unref();
}
report({ kind: 'ready' });

function report(message: WorkerReport): void {
  if (process.connected) process.send?.(message);
}

async function run({ request, artifacts }: WorkerCommand): Promise<WorkerReport> {
  try {
    const { module, name } = request.evaluation;
    const { definition } = await referred(module ?? name, evaluationRegistry);
    const result = await runJob(definition, request, {
      engine,
      report: (point) => report({ kind: 'point', point: { ...point, values: { ...point.values } } }),
      checkpoint: (artifact) => report({ kind: 'checkpoint', artifact }),
      artifacts: new ArtifactFiles(artifacts),
      // A job is stopped by ending this process, which needs no cooperation.
      signal: new AbortController().signal,
    });
    return { kind: 'completed', result: structuredClone(result) };
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error) };
  }
}
