/** @file The evaluation `zero-cost`: a score that a candidate has before it is trained, or its rank by several in a random pool. */
import { z } from 'zod';
import { UsageError, WorkError } from '../error.js';
import { Network } from '../nn/network.js';
import { type AggregateDefinition, aggregateIn, type Scores } from '../proxy/aggregate.js';
import { scoringBatches } from '../proxy/batches.js';
import type { ProxyDefinition } from '../proxy/proxy.js';
import { aggregates, proxies, proxiesNamed } from '../proxy/registry.js';
import { batchesFor, type NetworkScores, scoreNetwork } from '../proxy/score.js';
import { Random } from '../random.js';
import { spaceNamed } from '../space/registry.js';
import { buildNetwork, UnbuildableArchitecture } from '../space/space.js';
import type { Artifact } from './artifact.js';
import { defineEvaluation, type Job, type JobRequest, type PreparationRequest } from './evaluation.js';
import { datasetOf } from './loaded-dataset.js';
import type { Metric } from './metric.js';

const names = [...aggregates, ...proxies].map(({ name }) => name);

const settings = z.strictObject({
  score: z
    .enum(names)
    .default('vote')
    .describe('What candidates are scored by: one score, or an aggregate of several ranks among random architectures.'),
  batchSize: z.int().min(1).default(64).describe('Training images that are looked at.'),
  pool: z.int().min(2).default(32).describe('Random architectures that an aggregate ranks a candidate among.'),
});

type Settings = z.infer<typeof settings>;

const proxyMetric = ({ title }: ProxyDefinition): Metric => ({ title, format: 'number', direction: 'max' });

/** What the pool of a study scored. */
const poolSchema = z.array(z.record(z.string(), z.number().nullable()));

export const zeroCost = defineEvaluation({
  name: 'zero-cost',
  title: 'A score without training, or a rank by several of them',
  paper: 'Abdelfattah et al., Zero-Cost Proxies for Lightweight NAS, ICLR 2021',
  description:
    'Scores each candidate with random weights and one batch of images, in the time of a training step or two. An aggregate first scores a ' +
    'random pool of the space. Images and weights are the same for all candidates, drawn by the seed of the data.',
  weakness:
    'Such scores sort out bad networks; among good ones they say little. Most follow the size of a network, so that a search without ' +
    'limits ends at the largest: compare with params and macs, which need no image, and with nas correlate where there is a table.',
  choices: [...aggregates, ...proxies],
  settings,
  measure: {
    metrics: {
      score: { title: 'score without training', format: 'number', direction: 'max' },
      ...Object.fromEntries(proxies.map((proxy) => [proxy.name, proxyMetric(proxy)])),
    },
    score: 'score',
  },
  create(chosen) {
    const aggregate = aggregates.find(({ name }) => name === chosen.score);
    const members = proxiesNamed(aggregate?.proxies ?? [chosen.score]);
    return {
      check({ train }) {
        if (train.count >= chosen.batchSize) return;
        throw new UsageError(
          `The setting batchSize of the evaluation zero-cost is ${chosen.batchSize}, but there are ${train.count} training images: it must be at most that.`,
        );
      },
      ...(aggregate !== undefined && { prepare: (request, job) => preparePool(request, job, { ...chosen, members }) }),
      async evaluate({ candidate, inputs, ...request }, job) {
        const network = Network.fromJson(candidate.network);
        const { scores, reasons } = await scoresOf(network, request, job, { ...chosen, members });
        const score =
          aggregate === undefined
            ? (scores[chosen.score] ?? null)
            : aggregateIn(aggregate, scores, await poolOf(inputs.prepared, job, aggregate));
        if (score === null) throw new WorkError(`its ${chosen.score} is undefined: ${reasons[chosen.score]}`);
        const known = Object.entries(scores).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
        return { metrics: { ...Object.fromEntries(known), score } };
      },
    };
  },
});

interface Scoring extends Settings {
  readonly members: readonly ProxyDefinition[];
}

/** Images and weights are the same for all networks of a study. */
async function scoresOf(
  network: Network,
  { data, threads }: Pick<JobRequest, 'data' | 'threads'>,
  { engine }: Job,
  { members, batchSize }: Scoring,
): Promise<NetworkScores> {
  const { train } = await datasetOf(data);
  const { seed } = data;
  const batches = scoringBatches(train, { size: batchSize, count: batchesFor(members), seed });
  return scoreNetwork(engine, network, { proxies: members, batches, seed, threads });
}

/** The scores of random architectures, as an artefact. */
async function preparePool(request: PreparationRequest, job: Job, scoring: Scoring): Promise<Artifact> {
  const space = spaceNamed(request.space.name);
  const random = new Random(request.seed).stream('pool');
  const pool: Scores[] = [];
  for (let drawn = 0; pool.length < scoring.pool; drawn++) {
    job.signal.throwIfAborted();
    if (drawn >= 10 * scoring.pool) {
      throw new WorkError(`of ${drawn} random architectures only ${pool.length} could be built for its pool`);
    }
    try {
      const network = buildNetwork(space, space.decisions.sample(random), request.target);
      pool.push((await scoresOf(network, request, job, scoring)).scores);
    } catch (error) {
      if (!(error instanceof UnbuildableArchitecture)) throw error;
    }
  }
  return job.artifacts.put(new TextEncoder().encode(JSON.stringify(pool)));
}

async function poolOf(
  prepared: Artifact | undefined,
  { artifacts }: Job,
  { name }: AggregateDefinition,
): Promise<readonly Scores[]> {
  if (prepared === undefined) throw new WorkError(`the pool that ${name} ranks it among is missing`);
  return poolSchema.parse(JSON.parse(new TextDecoder().decode(await artifacts.get(prepared))));
}
