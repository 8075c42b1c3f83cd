/** @file The quantities that a network costs: one row for each, from which options, configs, limits, reports and cards follow. */
import { bytes, compactCount, count, milliseconds } from './number-format.js';
import { byteCount, count as countText, type NumberText, positive } from './number-text.js';

/** All that is true of one quantity. */
interface QuantityRow {
  /** Its key in costs, constraints and JSON documents; the unit is part of it where there is one. */
  readonly name: string;
  /** What it is called. */
  readonly title: string;
  /** The title where there is little room. */
  readonly shortTitle: string;
  /** What stands behind an exact number: `2,850 bytes of peak activation memory`. */
  readonly unit: string;
  /** What stands behind a number as `format` gives it, which has its unit: `2.8 KiB of activations`. */
  readonly noun: string;
  /** What is counted, or under which conditions. */
  readonly basis: string;
  /** The setting of a search that limits it. */
  readonly setting: string;
  /** The option that limits it. */
  readonly option: string;
  /** What the option says. */
  readonly limit: string;
  /** How people write an amount. */
  readonly text: NumberText;
  /** How people read an amount. */
  readonly format: Readonly<Record<'long' | 'short', (amount: number | null | undefined) => string>>;
  /** `counted` from the network alone (`network.cost()`), equally everywhere; `measured` on a device, by running it. */
  readonly source: 'counted' | 'measured';
}

/** Every quantity, in the order in which they are shown. */
export const quantities = [
  {
    name: 'params',
    title: 'parameters',
    shortTitle: 'params',
    unit: 'parameters',
    noun: 'parameters',
    basis: 'trainable',
    setting: 'maxParams',
    option: '--max-params <n>',
    limit: 'most parameters, such as 60k',
    text: countText,
    format: { long: count, short: compactCount },
    source: 'counted',
  },
  {
    name: 'macs',
    title: 'MACs',
    shortTitle: 'MACs',
    unit: 'multiply-accumulates',
    noun: 'MACs',
    basis: 'for one image',
    setting: 'maxMacs',
    option: '--max-macs <n>',
    limit: 'most multiply-accumulates for one image, such as 3M',
    text: countText,
    format: { long: count, short: compactCount },
    source: 'counted',
  },
  {
    name: 'peakActivationBytes',
    title: 'peak activation memory',
    shortTitle: 'memory',
    unit: 'bytes of peak activation memory',
    noun: 'of activations',
    basis: 'for one image in float32',
    setting: 'maxMemory',
    option: '--max-memory <bytes>',
    limit: 'most bytes of activations for one image, such as 256k',
    text: byteCount,
    format: { long: bytes, short: bytes },
    source: 'counted',
  },
  {
    name: 'latencyMs',
    title: 'latency',
    shortTitle: 'latency',
    unit: 'milliseconds of latency',
    noun: 'of latency',
    basis: 'for one image on one thread',
    setting: 'maxLatencyMs',
    option: '--max-latency-ms <ms>',
    limit: 'longest time for one image on one thread here',
    text: positive,
    format: { long: milliseconds, short: milliseconds },
    source: 'measured',
  },
] as const satisfies readonly QuantityRow[];

/** A row of `quantities`. */
export type Quantity = (typeof quantities)[number];

/** The name of a quantity. */
export type QuantityName = Quantity['name'];

/** Known amounts of some quantities: what a network costs, or the most that it may cost. */
export type Amounts = { readonly [Q in QuantityName]?: number | undefined };

/** Amounts as records have them, perhaps with others. */
type RecordedAmounts = { readonly [quantity: string]: number | null | undefined };

/** Those that are counted from the network alone. */
export const countedQuantities = quantities.filter((quantity) => quantity.source === 'counted');

/** The amount of every quantity, `null` where it is not known: how JSON documents have it. */
export function everyAmount(amounts: RecordedAmounts): { [Q in QuantityName]: number | null } {
  const all = Object.fromEntries(quantities.map(({ name }) => [name, amounts[name] ?? null]));
  return all as { [Q in QuantityName]: number | null };
}

/** The quantities whose amount is known, in their order. */
export function knownAmounts(amounts: RecordedAmounts): { readonly quantity: Quantity; readonly amount: number }[] {
  return quantities.flatMap((quantity) => {
    const amount = amounts[quantity.name];
    return typeof amount === 'number' ? [{ quantity, amount }] : [];
  });
}

/** For example `60,000 parameters` or `5.58 KiB of activations`. */
export const amountInWords = ({ format, noun }: Quantity, amount: number): string => `${format.long(amount)} ${noun}`;

/** For example `2,850 bytes of peak activation memory`. */
export const exactAmount = ({ unit }: Quantity, amount: number): string => `${amount.toLocaleString('en-US')} ${unit}`;

/** The option without its value, such as `--max-params`. */
export const optionOf = ({ option }: Quantity): string => option.replace(/ .*$/, '');

/** A title as a heading. */
export const capital = (title: string): string => title.charAt(0).toUpperCase() + title.slice(1);
