/** @file Requests to evaluate a network, and the surroundings in which a job is done, for tests. */
import { nodeEngine } from '../../src/engine/node-engine.js';
import type { ArtifactStore } from '../../src/evaluation/artifact.js';
import type { EvaluationRequest, Job } from '../../src/evaluation/evaluation.js';
import type { Network } from '../../src/nn/network.js';
import type { Reference } from '../../src/registry.js';

/** A request to train a network in full on `digits`, with what is to differ. */
export const evaluationRequest = (
  network: Network,
  settings: Reference['settings'] = {},
  changes: Partial<EvaluationRequest> = {},
): EvaluationRequest => ({
  task: 'evaluate',
  evaluation: { name: 'train', settings },
  candidate: { space: { name: 'none', settings: {} }, architecture: null, network: network.toJson() },
  data: { reference: 'digits', seed: 0 },
  seed: 0,
  fidelity: 1,
  threads: 1,
  inputs: {},
  keep: false,
  ...changes,
});

/** Artefacts in memory, by their places. */
export function artifactsInMemory(): ArtifactStore {
  const kept: Uint8Array[] = [];
  return {
    put: async (bytes) => ({ digest: String(kept.push(bytes) - 1).padStart(64, '0'), bytes: bytes.length }),
    get: async ({ digest }) => kept[Number(digest)] ?? new Uint8Array(),
  };
}

/** Surroundings in which nobody listens. */
export const silentJob = (): Job => ({
  engine: nodeEngine(),
  signal: new AbortController().signal,
  artifacts: artifactsInMemory(),
  report: () => {},
  checkpoint: () => {},
});
