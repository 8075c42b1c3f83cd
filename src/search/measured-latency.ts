/** @file Latency as a cost of candidates: measured before they are evaluated, recorded, and held against the limit. */
import type { Engine } from '../engine/engine.js';
import type { Executor } from '../execution/executor.js';
import type { Json } from '../json.js';
import { measureLatency } from '../model/latency.js';
import { exportOnnx } from '../nn/export.js';
import type { Network } from '../nn/network.js';
import { initialWeights } from '../nn/weights.js';

/** How fast a candidate is: a few runs tell whether it keeps a limit. */
const screening = { warmup: 3, runs: 50, seconds: 0.5 };

export interface MeasuringOptions {
  readonly engine: Engine;
  /** The network of an architecture as it would be deployed. */
  readonly networkOf: (architecture: Json) => Network;
  /** Milliseconds for one image; candidates that take longer are infeasible and not evaluated. No limit if absent. */
  readonly limit?: number | undefined;
}

/** An executor whose evaluations tell the latency of their candidates among the costs, as `latencyMs`. */
export function withLatency(
  executor: Executor,
  { engine, networkOf, limit = Number.POSITIVE_INFINITY }: MeasuringOptions,
): Executor {
  return {
    close: () => executor.close(),
    async run(request, options) {
      if (request.task !== 'evaluate') return executor.run(request, options);
      const latencyMs = await latencyOf(engine, networkOf(request.candidate.architecture));
      if (latencyMs > limit) {
        const reason = `not trained: one image takes ${latencyMs.toPrecision(3)} ms, and ${limit} ms are allowed (--max-latency-ms)`;
        return { state: 'infeasible', reason, costs: { latencyMs } };
      }
      const outcome = await executor.run(request, options);
      if (outcome.state !== 'completed') return outcome;
      const { result } = outcome;
      return { ...outcome, result: { ...result, costs: { ...result.costs, latencyMs } } };
    },
  };
}

async function latencyOf(engine: Engine, network: Network): Promise<number> {
  const { channels, height, width } = network.input;
  const normalization = { mean: new Array(channels).fill(0), std: new Array(channels).fill(1) };
  const bytes = exportOnnx(network, initialWeights(network, 0), { normalization });
  const input = { name: 'images', batch: null, channels, height, width };
  return (await measureLatency(engine, { bytes, input }, screening)).median;
}
