/** @file The machine and the programs that a result was made with. */
import { arch, availableParallelism, cpus, release, type as systemName, totalmem } from 'node:os';
import type { Engine } from '../engine/engine.js';
import type { MachineDescription, Versions } from '../report/description.js';
import { version } from '../version.js';

export const describeMachine = (): MachineDescription => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown processor',
  cores: availableParallelism(),
  memoryBytes: totalmem(),
  system: `${systemName()} ${release()} ${arch()}`,
});

export const describeVersions = (engine: Engine): Versions => ({
  nasturtium: version,
  node: process.versions.node,
  [engine.name]: engine.version,
});
