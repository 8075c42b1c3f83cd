/** @file Every setting of a search, one row for each: config files, options, their help and the record follow from the rows. */
import { z } from 'zod';
import type { Json } from '../json.js';
import { duration, integer, type NumberText, processMemory, seed } from '../quantity/number-text.js';
import { type Quantity, quantities } from '../quantity/quantity.js';
import type { StudyConfiguration } from '../record/configuration.js';
import { parseReference, writtenReference } from '../reference/reference-text.js';
import { stoppingRules } from '../strategy/stopping/registry.js';
import { parsePick, pickAllowed, pickText } from './pick.js';

/** All that is true of one setting, whose key in a config is the name of its row. */
export interface SettingRow<S extends z.ZodType = z.ZodType> {
  /** The option of `nas search` that sets it; one without a value sets `false`. */
  readonly option: string;
  readonly description: string;
  /** What holds without it, in words. */
  readonly fallback: string;
  /** Reads what users write, in a config or behind the option. */
  readonly schema: S;
  /** Where the record of a study (`StudyConfiguration`) has it; nowhere by default. */
  readonly recorded?: readonly string[];
  /** What the record has where there is no value; nothing by default. */
  readonly absent?: null;
  /** What a config has that gives the recorded study again; nothing by default. */
  readonly written?: (study: RecordedSearch) => unknown;
  /** Which definitions it names, where it does; the name that holds without it, if any. */
  readonly reference?: { readonly fallback: string | null };
}

/** What a study keeps of its search: its configuration, and the settings of the final training, `null` for none. */
export interface RecordedSearch extends Omit<StudyConfiguration, 'final'> {
  readonly training: { readonly [key: string]: Json } | null;
}

/** As the rows are written, with the type of each schema. */
const row = <S extends z.ZodType>(one: SettingRow<S>): SettingRow<S> => one;

const text = z.string().min(1);

/** A number, or a text such as `60k`. */
const number = ({ parse, allowed }: NumberText) =>
  z.unknown().transform((value, context) => {
    const isText = typeof value === 'number' || typeof value === 'string';
    const parsed = isText ? parse(String(value)) : undefined;
    if (parsed !== undefined) return parsed;
    context.issues.push({ code: 'custom', message: allowed, input: value });
    return z.NEVER;
  });

/** A name or the path of a module, alone or with settings: `train:epochs=2`, or `{ name: train, epochs: 2 }`. */
const reference = z
  .union([text, z.looseObject({ name: text })], { error: 'a name, or a name with its settings (name: NAME)' })
  .transform((value, context) => {
    if (typeof value !== 'string') {
      const { name, ...settings } = value;
      return { name, settings };
    }
    const parsed = parseReference(value);
    if (typeof parsed !== 'string') return parsed;
    context.issues.push({ code: 'custom', message: parsed, input: value });
    return z.NEVER;
  });

const pick = z.unknown().transform((value, context) => {
  const rule = typeof value === 'string' ? parsePick(value) : undefined;
  if (rule !== undefined) return rule;
  context.issues.push({ code: 'custom', message: pickAllowed, input: value });
  return z.NEVER;
});

const named = 'or a module file that exports one of your own; NAME:key=value sets its settings';

const secondsText = (seconds: number | null): string | null => (seconds === null ? null : `${seconds}s`);

const limitOf = ({ option, limit, text: kind, name }: Quantity) =>
  row({
    option,
    description: limit,
    fallback: 'no limit',
    schema: number(kind).optional(),
    recorded: [`constraints.${name}`],
    written: ({ constraints }) => constraints[name],
  });

type Limits = { readonly [Q in Quantity as Q['setting']]: ReturnType<typeof limitOf> };

const limits = Object.fromEntries(quantities.map((quantity) => [quantity.setting, limitOf(quantity)])) as Limits;

/** Every setting of a search, in the order in which they are listed. */
export const searchSettings = {
  data: row({
    option: '--data <data>',
    description: 'images to learn from: a name of `nas data`, a folder or a file',
    fallback: 'none; needed here or in CONFIG',
    schema: text,
    recorded: ['data.reference'],
    written: ({ data }) => data.reference,
  }),
  space: row({
    option: '--space <space>',
    description: `search space: a name of \`nas spaces\`, ${named}`,
    fallback: 'mobile',
    schema: reference.prefault('mobile'),
    recorded: ['space'],
    written: ({ space }) => writtenReference(space),
    reference: { fallback: 'mobile' },
  }),
  strategy: row({
    option: '--strategy <strategy>',
    description: `search strategy: a name of \`nas strategies\`, ${named}`,
    fallback: 'regularized-evolution',
    schema: reference.prefault('regularized-evolution'),
    recorded: ['strategy'],
    written: ({ strategy }) => writtenReference(strategy),
    reference: { fallback: 'regularized-evolution' },
  }),
  evaluation: row({
    option: '--evaluation <evaluation>',
    description: `how candidates are scored: a name of \`nas evaluations\`, ${named}`,
    fallback: 'train',
    schema: reference.prefault('train'),
    recorded: ['evaluation'],
    written: ({ evaluation }) => writtenReference(evaluation),
    reference: { fallback: 'train' },
  }),
  stopping: row({
    option: '--stopping <rule>',
    description: `ends trials early by their curves: ${stoppingRules.map(({ name }) => name).join(', ')}, ${named}`,
    fallback: 'none',
    schema: reference.optional(),
    recorded: ['stopping'],
    written: ({ stopping }) => stopping && writtenReference(stopping),
    reference: { fallback: null },
  }),
  pick: row({
    option: '--pick <rule>',
    description: 'picks the winner: best, knee, or best under a bound such as params<=60k',
    fallback: 'best',
    schema: pick.optional(),
    recorded: ['pick'],
    written: ({ pick }) => pick && pickText(pick),
  }),
  ...limits,
  trials: row({
    option: '--trials <n>',
    description: 'how many candidates to try',
    fallback: '20; no limit with --budget',
    schema: number(integer(1, 1_000_000)).optional(),
    recorded: ['trials'],
    absent: null,
    written: ({ trials }) => trials,
  }),
  budget: row({
    option: '--budget <time>',
    description: 'begin no further trial after so long, such as 10m',
    fallback: 'no limit',
    schema: number(duration).optional(),
    recorded: ['budgetSeconds'],
    absent: null,
    written: ({ budgetSeconds }) => secondsText(budgetSeconds),
  }),
  workers: row({
    option: '--workers <n>',
    description: 'trials at a time',
    fallback: 'as many as cores allow, at most 8',
    schema: number(integer(1, 256)).optional(),
    recorded: ['workers'],
    written: ({ workers }) => workers,
  }),
  threads: row({
    option: '--threads <n>',
    description: 'threads of one trial; with 1, equal seeds give equal trials',
    fallback: '1',
    schema: number(integer(1, 256)).prefault(1),
    recorded: ['threads'],
    written: ({ threads }) => threads,
  }),
  trialTime: row({
    option: '--trial-time <time>',
    description: 'end a trial that takes longer',
    fallback: 'no limit',
    schema: number(duration).optional(),
    recorded: ['limits.seconds'],
    absent: null,
    written: ({ limits }) => secondsText(limits.seconds),
  }),
  trialMemory: row({
    option: '--trial-memory <bytes>',
    description: 'end a trial whose process takes more, such as 2GB',
    fallback: 'no limit',
    schema: number(processMemory).optional(),
    recorded: ['limits.bytes'],
    absent: null,
    written: ({ limits }) => limits.bytes,
  }),
  seed: row({
    option: '--seed <n>',
    description: 'fixes the candidates, their training and the split',
    fallback: '0',
    schema: number(seed).prefault(0),
    recorded: ['seed', 'data.seed'],
    written: ({ seed }) => seed,
  }),
  name: row({
    option: '--name <name>',
    description: 'name of the study',
    fallback: 'after the data',
    schema: z
      .string()
      .regex(
        /^[A-Za-z0-9][\w.-]{0,99}$/,
        '1 to 100 letters, digits, dots, dashes and underscores that begin with a letter or digit',
      )
      .optional(),
  }),
  store: row({
    option: '--store <file>',
    description: 'the file that holds the studies',
    fallback: "NASTURTIUM_STORE, else studies.db in the user's data folder",
    schema: text.optional(),
  }),
  out: row({
    option: '--out <dir>',
    description: 'folder for model, card and report',
    fallback: 'runs/NAME',
    schema: text.optional(),
  }),
  final: row({
    option: '--no-final',
    description: 'do not train the winner at length',
    fallback: 'it is done',
    /** `false`, or settings of the evaluation `train` for the final training of the winner. */
    schema: z
      .union([z.boolean(), z.record(z.string(), z.json())], { error: 'false, or the settings of the final training' })
      .prefault(true),
    written: ({ training }) => training ?? false,
  }),
};

type Rows = typeof searchSettings;

/** The name of a setting. */
export type SettingName = keyof Rows;

/** The rows with their keys. */
export const settingRows = Object.entries(searchSettings) as [SettingName, SettingRow][];

/** The settings of a search as users write them. Unknown ones are errors. */
export const searchConfigSchema = z.strictObject(
  Object.fromEntries(settingRows.map(([name, { schema }]) => [name, schema])) as {
    [S in SettingName]: Rows[S]['schema'];
  },
);

/** The settings of a search as `search` takes them: what a YAML config holds. */
export type SearchConfig = z.input<typeof searchConfigSchema>;
