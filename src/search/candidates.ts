/** @file Candidates of a search: what each is evaluated as, what it costs, and whether it is fast enough to be trained. */
import type { Engine } from '../engine/engine.js';
import { evaluationNamed } from '../evaluation/registry.js';
import type { Executor } from '../execution/executor.js';
import type { Json } from '../json.js';
import { measureLatency } from '../model/latency.js';
import { exportOnnx } from '../nn/export.js';
import { Network, type NetworkJson } from '../nn/network.js';
import { initialWeights } from '../nn/weights.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { spaceNamed } from '../space/registry.js';
import type { BuildTarget } from '../space/space.js';
import { partsOf, type StudyParts } from '../study/parts.js';

/**
 * The parts of a study. Costs are those of the network at full size; what is evaluated may be smaller, where the
 * evaluation has a lower resolution or width as its budget.
 *
 * @throws UsageError if no architecture keeps to the limits that can be counted
 */
export function candidateParts(configuration: StudyConfiguration, target: BuildTarget, engine: Engine): StudyParts {
  // Latency is measured, and so differs from time to time: a strategy that knew it could not be replayed.
  const { latencyMs: _, ...counted } = configuration.constraints;
  const parts = partsOf({ ...configuration, constraints: counted }, target, { engine });
  const space = spaceNamed(configuration.space.name);
  const { name, settings } = configuration.evaluation;
  const evaluated = evaluationNamed(name).target?.(settings, target) ?? target;
  return {
    createStrategy: parts.createStrategy,
    prepare: (architecture: Json) => {
      const candidate = parts.prepare(architecture);
      return { ...candidate, network: space.build(space.decisions.validate(architecture), evaluated).toJson() };
    },
  };
}

/** How fast a candidate is: a few runs tell whether it keeps a limit. */
const screening = { warmup: 3, runs: 50, seconds: 0.5 };

/**
 * An executor for which candidates are infeasible whose exported network takes longer than `limit` milliseconds for one
 * image: it does not train them.
 */
export function withLatencyLimit(executor: Executor, limit: number, engine: Engine): Executor {
  return {
    close: () => executor.close(),
    async run(request, options) {
      const { median } = await latencyOf(engine, request.network);
      if (median <= limit) return executor.run(request, options);
      return {
        state: 'infeasible',
        reason: `not trained: one image takes ${median.toPrecision(3)} ms, and ${limit} ms are allowed (--max-latency-ms)`,
      };
    },
  };
}

async function latencyOf(engine: Engine, json: NetworkJson) {
  const network = Network.fromJson(json);
  const { channels, height, width } = network.input;
  const normalization = { mean: new Array(channels).fill(0), std: new Array(channels).fill(1) };
  const bytes = exportOnnx(network, initialWeights(network, 0), { normalization });
  const input = { name: 'images', batch: null, channels, height, width };
  return measureLatency(engine, { bytes, input }, screening);
}
