/** @file ONNX Runtime keeps still in every process and thread that runs a model, unless who runs it wishes otherwise. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';

const built = (file: string): string => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);

/** Runs a model, and says so. */
const runModel = `
  const { nodeEngine } = await import(${built('engine/node-engine.js')});
  const { add, emitModel, input, scalar } = await import(${built('tensor/index.js')});
  const model = await nodeEngine().load(emitModel({ y: add(input('x', [1]), scalar(1)) }));
  await model.run({ x: { shape: [1], data: Float32Array.of(1) } });
  console.log('ran');
`;

const inWorker = `
  const { Worker } = await import('node:worker_threads');
  new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(runModel)})));
`;

/** Both a home and a folder for caches: ONNX Runtime writes an identity of the machine there. */
let home = '';
let child: ChildProcess | undefined;

async function start(script: string, telemetry?: string): Promise<ChildProcess> {
  home = mkdtempSync(join(tmpdir(), 'nas-telemetry-'));
  const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env;
  child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...env, HOME: home, XDG_CACHE_HOME: home, ...(telemetry && { ORT_DISABLE_TELEMETRY: telemetry }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
  expect(String(text)).toBe('ran\n');
  return child;
}

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

// Elsewhere the runtime has no telemetry, or keeps what it knows in other places.
describe.runIf(process.platform === 'linux')('a process that runs a model', () => {
  test('tells nothing that could be sent', async () => {
    await start(runModel);
    expect(readdirSync(home)).toEqual([]);
  });

  test('tells nothing where the first model runs in a worker', async () => {
    await start(inWorker);
    expect(readdirSync(home)).toEqual([]);
  });

  test('does as its user has set', async () => {
    // What the runtime then does, and when, depends on its build and on the machine: it is what it has been told that counts.
    await start(`${runModel} if (process.env.ORT_DISABLE_TELEMETRY !== '0') throw new Error('told otherwise');`, '0');
    const [code] = child?.exitCode === null ? await once(child, 'exit') : [child?.exitCode];
    expect(code).toBe(0);
  });

  /** Half a minute: `NASTURTIUM_SLOW=1 npx vitest run src/engine/telemetry`. */
  test.runIf(process.env.NASTURTIUM_SLOW)('starts no thread and opens no socket for 30 s', async () => {
    const { pid } = await start(`${runModel} setInterval(() => {}, 1000);`);
    const threads = readdirSync(`/proc/${pid}/task`);
    const sockets = socketsOf(pid);
    for (const end = performance.now() + 30_000; performance.now() < end; await setTimeout(5)) {
      expect(threads).toEqual(expect.arrayContaining(readdirSync(`/proc/${pid}/task`)));
      expect(socketsOf(pid)).toEqual(sockets);
    }
  });
});

/** The open sockets of a process, such as `socket:[123]`. */
function socketsOf(pid: number | undefined): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder)
    .map((descriptor) => {
      try {
        return readlinkSync(join(folder, descriptor));
      } catch {
        // Closed meanwhile.
        return '';
      }
    })
    .filter((target) => target.startsWith('socket:'));
}

test('one file imports ONNX Runtime', () => {
  const source = new URL('..', import.meta.url);
  const imports = /^(import|\}).* from 'onnxruntime-|\bimport\('onnxruntime-/m;
  const importing = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && imports.test(readFileSync(new URL(file, source), 'utf8')),
  );
  expect(importing).toEqual(['engine/node-engine.ts']);
});
