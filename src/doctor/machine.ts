/** @file Checks of the machine itself: Node.js, processor, memory, and folders that must be writable. */
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cacheFolder } from '../data/cache.js';
import { blockSize } from '../engine/blocked-kernels.js';
import type { Engine } from '../engine/engine.js';
import { messageOf } from '../error.js';
import { StudyStore } from '../store/store.js';
import { storeFile } from '../store/store-file.js';
import type { Finding } from './finding.js';

const leastNode = 20;
/** A search with one worker holds the images of Fashion-MNIST twice and ONNX Runtime's buffers. */
const leastBytes = 2 ** 30;

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

export function checkNode(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= leastNode;
  return {
    ok,
    detail: `${process.version} on ${process.platform} ${process.arch}`,
    fix: ok ? null : `Install Node.js ${leastNode} or newer.`,
  };
}

/** The instruction sets decide how fast ONNX Runtime is; none of them is required. */
export async function checkProcessor(engine: Engine): Promise<Finding> {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const flags = processorFlags();
  const features =
    flags === null
      ? 'features unknown'
      : [
          ['AVX2', 'avx2'],
          ['FMA', 'fma'],
          ['AVX-512', 'avx512f'],
          ['VNNI', 'avx512_vnni'],
          ['NEON', 'asimd'],
        ]
          .flatMap(([name = '', flag = '']) => (flags.has(flag) ? [name] : []))
          .join(', ') || 'neither AVX2 nor NEON: training will be slow';
  const blocks = await blockSize(engine);
  const kernels = blocks === null ? 'standard kernels only' : `kernels for blocks of ${blocks} channels`;
  return { ok: true, detail: `${model}, ${availableParallelism()} cores, ${features}; ${kernels}`, fix: null };
}

/** What Linux says of the first processor; `null` elsewhere. */
function processorFlags(): Set<string> | null {
  if (process.platform !== 'linux') return null;
  try {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
    return line?.[1] === undefined ? null : new Set(line[1].split(' '));
  } catch {
    return null;
  }
}

export function checkMemory(): Finding {
  // Inside a container less may be allowed than the machine has.
  const allowed = process.constrainedMemory();
  const total = allowed > 0 && allowed < totalmem() ? allowed : totalmem();
  const ok = total >= leastBytes;
  return {
    ok,
    detail: `${gibibytes(total)}, of which ${gibibytes(Math.min(total, freemem()))} free`,
    fix: ok ? null : `Use a machine with at least ${gibibytes(leastBytes)}, or search with --workers 1 on small data.`,
  };
}

/** Looks without making a store: only whether one could be made, or whether the one that is there can be written. */
export function checkStore(chosen: string | undefined): Finding {
  const file = storeFile(chosen);
  const fix = 'Name a file in a folder of your own with --store or the environment variable NASTURTIUM_STORE.';
  const found = existsSync(file) ? studiesIn(file) : 'is made by the first search';
  const folder = existingFolder(dirname(resolve(file)));
  const problem = writeProblem(folder) ?? (existsSync(file) && !isWritable(file) ? 'the file is read-only' : null);
  if (problem === null) return { ok: true, detail: `${file} (${found})`, fix: null };
  return { ok: false, detail: `${file} cannot be written (${problem})`, fix };
}

/** @throws {UsageError} where it cannot be read */
function studiesIn(file: string): string {
  const store = StudyStore.read(file);
  const { length } = store.studies();
  store.close();
  return `${length} ${length === 1 ? 'study' : 'studies'}`;
}

export function checkCache(): Finding {
  const folder = cacheFolder();
  const problem = writeProblem(existingFolder(folder));
  if (problem === null) return { ok: true, detail: folder, fix: null };
  return {
    ok: false,
    detail: `${folder} cannot be written (${problem})`,
    fix: 'Make room or make it writable, or name another folder in the environment variable NASTURTIUM_CACHE.',
  };
}

/** Why nothing can be written into a folder, or `null`. Writes a small file, as only that shows a full disk. */
function writeProblem(folder: string): string | null {
  const probe = join(folder, `.nas-doctor-${process.pid}`);
  try {
    writeFileSync(probe, 'x'.repeat(4096));
    rmSync(probe);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function existingFolder(folder: string): string {
  const above = dirname(folder);
  return existsSync(folder) || above === folder ? folder : existingFolder(above);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
