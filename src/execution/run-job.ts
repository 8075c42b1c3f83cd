/** @file One job: the evaluation that a request names does what it asks. */
import type { EvaluationDefinition, EvaluationResult, Job, JobRequest } from '../evaluation/evaluation.js';

/**
 * Does what the request asks, with the evaluation of its name.
 *
 * @throws {WorkError} where it has no result
 */
export async function runJob(
  definition: EvaluationDefinition,
  request: JobRequest,
  job: Job,
): Promise<EvaluationResult> {
  const evaluation = definition.create(request.evaluation.settings);
  if (request.task === 'evaluate') return evaluation.evaluate(request, job);
  if (evaluation.prepare === undefined) throw new RangeError(`the evaluation ${definition.name} prepares nothing`);
  return { metrics: {}, artifacts: { prepared: await evaluation.prepare(request, job) } };
}
