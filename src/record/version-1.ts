/** @file What a store of version 1 holds, told in the present terms: nothing of it is lost, and nothing in the store changes. */
import { z } from 'zod';

const record = z.record(z.string(), z.unknown());

/** Every strategy of version 1 that minimised quantities had a setting of this name for them. */
const minimising = z.object({ settings: z.object({ minimise: z.array(z.string()) }) });

/** A space was its name; the modules of space and strategy stood beside their names; what is minimised only among settings. */
const configuration = z
  .looseObject({ space: z.string(), spaceModule: z.unknown(), strategy: record, strategyModule: z.unknown() })
  .partial({ spaceModule: true, strategyModule: true })
  .transform(({ space, spaceModule, strategy, strategyModule, ...rest }) => ({
    ...rest,
    space: { name: space, settings: {}, module: spaceModule },
    strategy: { ...strategy, module: strategyModule },
    minimise: minimising.safeParse(strategy).data?.settings.minimise,
  }));

/** A point had the numbers of a classifier beside its epoch and its time. */
const point = z
  .looseObject({ epoch: z.unknown(), seconds: z.unknown() })
  .transform(({ epoch, seconds, ...values }) => ({ epoch, seconds, values }));

/** What stood in the bodies of events by their kind; the kinds that are missing are as they were. */
const bodies: { readonly [kind: string]: z.ZodType<{ readonly [key: string]: unknown }> } = {
  asked: record.transform(({ budget, ...rest }) => ({ ...rest, fidelity: budget })),
  point: z.looseObject({ point }),
  completed: z
    .looseObject({ metrics: record, epochs: z.unknown() })
    .transform(({ epochs, metrics, ...rest }) => ({ ...rest, metrics: { ...metrics, epochs } })),
  'final-completed': z.looseObject({ result: z.union([z.looseObject({ curve: z.array(point) }), z.unknown()]) }),
};

/**
 * A configuration of version 1 as `studyConfigurationSchema` wants it.
 *
 * @throws {ZodError} where it is none
 */
export const configurationOfVersion1 = (value: unknown): unknown => configuration.parse(value);

/**
 * The body of an event of version 1 as `happeningSchema` wants it.
 *
 * @throws {ZodError} where it is none
 */
export const bodyOfVersion1 = (kind: string, value: unknown): { readonly [key: string]: unknown } =>
  (bodies[kind] ?? record).parse(value);
