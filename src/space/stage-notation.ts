/** @file Chains whose blocks have names: `3x3_MBConv3,Zero;5x5_MBConv6`, stages between semicolons. */

/** The names of the blocks of each stage. */
type Stages<Name extends string> = readonly (readonly Name[])[];

/** What {@link parseStages} reads. */
export const formatStages = (stages: Stages<string>): string => stages.map((names) => names.join(',')).join(';');

/** The names of the blocks, which may be none of the space; `undefined` if the text is JSON. */
export function parseStages(text: string): Stages<string> | undefined {
  if (text.trim().startsWith('[')) return undefined;
  return text.split(';').map((names) => names.split(',').map((name) => name.trim()));
}

/** The blocks that are there: which one of a stage is left out makes no difference where all but the first are equally wide. */
export const withoutSkips = <Name extends string>(stages: Stages<Name>, skip: Name): Stages<Name> =>
  stages.map((names) => names.filter((name) => name !== skip));
