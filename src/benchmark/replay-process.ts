/** @file The child process that replays searches on a table: it hears which, and answers with their courses. */
import { setImmediate } from 'node:timers/promises';
import { nodeEngine } from '../engine/node-engine.js';
import { messageOf } from '../error.js';
import type { ReplayAnswer, ReplayRequest } from './replay-pool.js';
import { type Replayed, replaySearch } from './replayed-search.js';
import { tabulatedStrategy } from './tabulated-strategy.js';
import { Tabulation } from './tabulation.js';

/** All requests of a process are about one table. */
let table: Promise<Tabulation> | undefined;

const engine = nodeEngine();

process.on('disconnect', () => process.exit(0));
process.on('message', (request: ReplayRequest) => {
  void answerTo(request).then((answer) => process.send?.(answer));
});

async function answerTo(request: ReplayRequest): Promise<ReplayAnswer> {
  try {
    return { runs: await replay(request) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function replay({ path, columns, strategy, seeds, evaluations, workers }: ReplayRequest): Promise<Replayed[]> {
  table ??= Tabulation.read(path, columns);
  const opened = await table;
  const runs: Replayed[] = [];
  for (const seed of seeds) {
    const created = await tabulatedStrategy(opened, strategy, seed, engine);
    runs.push(await replaySearch(opened, created, { evaluations, workers }));
    await created.close?.();
    // Between runs it hears whether the asking process is still there.
    await setImmediate();
  }
  return runs;
}
