/** @file The child process that runs trials: told by messages what to evaluate, it answers with points and a result. */
import type { EvaluationRequest } from '../evaluation/evaluation.js';
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

const engine = nodeEngine();

process.on('message', (command: WorkerCommand) => {
  void evaluate(command.request).then(report);
});
// Linux tells the memory of any process in /proc; elsewhere the process tells it itself.
if (process.platform !== 'linux') {
  setInterval(() => report({ kind: 'memory', bytes: process.memoryUsage.rss() }), MEMORY_REPORT_MILLISECONDS).unref();
}
report({ kind: 'ready' });

function report(message: WorkerReport): void {
  if (process.connected) process.send?.(message);
}

async function evaluate(request: EvaluationRequest): Promise<WorkerReport> {
  try {
    const { definition } = await referred(request.evaluation, evaluationRegistry);
    const result = await definition.evaluate(request, {
      engine,
      report: (point) => report({ kind: 'point', point }),
      // A trial is stopped by ending this process, which needs no cooperation.
      signal: new AbortController().signal,
    });
    return { kind: 'completed', result: { ...result, metrics: { ...result.metrics } } };
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error) };
  }
}
