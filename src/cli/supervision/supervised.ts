/** @file The process with code of the user's own: it runs one command, and everything that it shows goes to the supervising process. */
import { Worker } from 'node:worker_threads';
import { endingSignals } from '../host.js';

// A terminal sends Ctrl-C to the whole process group. The supervising process decides what becomes of it.
for (const signal of endingSignals) process.on(signal, () => {});
// The channel closes when the supervising process ends, however it ends.
process.on('disconnect', () => process.exit(0));

// Loaded only now: a signal that comes during the load must find its handler.
const { hearUserFunctions, runningCalls } = await import('../../reference/user-call.js');
const { RemoteHost } = await import('./remote-host.js');
const { run } = await import('../run.js');

const watch = new Worker(new URL('./watch-thread.js', import.meta.url), { workerData: runningCalls, execArgv: [] });
watch.unref();
hearUserFunctions((index, called) => watch.postMessage({ index, called }));

const { args, host } = await RemoteHost.begin();
host.exit(await run(args, host));
