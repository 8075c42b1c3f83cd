/** @file Chains whose blocks have names: `3x3_MBConv3,Zero;5x5_MBConv6`, stages between semicolons. */
import type { Notation } from './notations/notation.js';

/** The names of the blocks of each stage. */
type Stages<Name extends string> = readonly (readonly Name[])[];

/** Names of blocks, which may be none of the space, with commas between them and semicolons between stages. */
export const stagesNotation: Notation<Stages<string>> = {
  name: 'stages',
  description:
    'the blocks by their names, commas between blocks and semicolons between stages, as `nas sample` prints them',
  format: (stages) => stages.map((names) => names.join(',')).join(';'),
  parse(text) {
    // Lists and text in quotes are other notations.
    if (/["'[\](){}]/.test(text)) return undefined;
    return text.split(';').map((names) => names.split(',').map((name) => name.trim()));
  },
};

/** The blocks that are there: which one of a stage is left out makes no difference where all but the first are equally wide. */
export const withoutSkips = <Name extends string>(stages: Stages<Name>, skip: Name): Stages<Name> =>
  stages.map((names) => names.filter((name) => name !== skip));
