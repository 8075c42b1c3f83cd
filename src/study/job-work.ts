/** @file What all jobs of a study have in common. */
import type { StudyConfiguration } from '../record/configuration.js';

/** The part of a request that is the same for all. */
export const workOf = ({ evaluation, data, threads }: StudyConfiguration) => ({
  evaluation,
  data: { reference: data.reference, seed: data.seed },
  threads,
});
