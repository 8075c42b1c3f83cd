/** @file One job: the evaluation that a request names does what it asks. */
import type { Artifact, Artifacts } from '../evaluation/artifact.js';
import type { EvaluationDefinition, EvaluationResult, Job, JobRequest } from '../evaluation/evaluation.js';

/**
 * Does what the request asks, with the evaluation of its name. Of artefacts it tells the digests alone, whatever else a
 * store says of what it keeps.
 *
 * @throws {WorkError} where it has no result
 */
export async function runJob(
  definition: EvaluationDefinition,
  request: JobRequest,
  job: Job,
): Promise<EvaluationResult> {
  const evaluation = definition.create(request.evaluation.settings);
  const told: Job = { ...job, checkpoint: (artifact) => job.checkpoint(digestOf(artifact)) };
  if (request.task === 'evaluate') {
    const { artifacts, ...result } = await evaluation.evaluate(request, told);
    return { ...result, ...(artifacts && { artifacts: digestsOf(artifacts) }) };
  }
  if (evaluation.prepare === undefined) throw new RangeError(`the evaluation ${definition.name} prepares nothing`);
  return { metrics: {}, artifacts: { prepared: digestOf(await evaluation.prepare(request, told)) } };
}

const digestOf = ({ digest }: Artifact): Artifact => ({ digest });

const digestsOf = (artifacts: Artifacts): Artifacts =>
  Object.fromEntries(Object.entries(artifacts).map(([name, artifact]) => [name, digestOf(artifact)]));
