/** @file Chains whose blocks have names: `3x3_MBConv3,Zero;5x5_MBConv6`, stages between semicolons. */
import type { Json } from '../json.js';
import type { Decision } from './decision.js';
import { parseJsonArchitecture } from './space.js';

/** The names of the blocks of each stage. */
type Stages<Name extends string> = readonly (readonly Name[])[];

/** What {@link parseStages} reads. */
export const formatStages = (stages: Stages<string>): string => stages.map((names) => names.join(',')).join(';');

/**
 * Reads the names of the blocks, or JSON.
 * @throws {UsageError} if they are no architecture.
 */
export function parseStages<A extends Json>(decisions: Decision<A>, text: string): A {
  if (text.trim().startsWith('[')) return parseJsonArchitecture(decisions, text);
  return decisions.validate(text.split(';').map((names) => names.split(',').map((name) => name.trim())));
}

/** The blocks that are there: which one of a stage is left out makes no difference where all but the first are equally wide. */
export const withoutSkips = <Name extends string>(stages: Stages<Name>, skip: Name): Stages<Name> =>
  stages.map((names) => names.filter((name) => name !== skip));
