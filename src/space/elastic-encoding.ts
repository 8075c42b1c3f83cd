/** @file The encoding of once-for-all networks: kernels `ks`, expansions `e` and depths `d` as flat lists. */
import { UsageError } from '../error.js';
import type { ElasticBlock } from '../nn/presets/once-for-all.js';

/** What a sub-network is in this encoding; other keys say more, such as the resolution. */
export interface ElasticEncoding {
  /** Kernel of each block of the supernet, 0 where the stage is shorter. */
  readonly ks: readonly number[];
  /** Expansion of each block, 0 where the stage is shorter. */
  readonly e: readonly number[];
  /** Blocks of each stage. */
  readonly d: readonly number[];
}

/** The stages, each filled up with zeros to its longest. */
export function encodeStages(
  stages: readonly (readonly ElasticBlock[])[],
  longest: readonly number[],
): ElasticEncoding {
  const places = longest.flatMap((length, stage) => Array.from({ length }, (_, index) => stages[stage]?.[index]));
  return {
    ks: places.map((block) => block?.kernel ?? 0),
    e: places.map((block) => block?.expansion ?? 0),
    d: stages.map(({ length }) => length),
  };
}

/** Whether a JSON value is in this encoding. */
export const isElasticEncoding = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && 'ks' in value && 'e' in value && 'd' in value;

/**
 * The stages that an encoding keeps; what it says of other blocks has no effect.
 * @throws {UsageError} where its lists have other lengths than the supernet
 */
export function decodeStages(
  encoding: { readonly [key: string]: unknown },
  longest: readonly number[],
): { readonly kernel: unknown; readonly expansion: unknown }[][] {
  const blocks = longest.reduce((sum, length) => sum + length, 0);
  const kernels = listOf(encoding, 'ks', blocks);
  const expansions = listOf(encoding, 'e', blocks);
  const depths = listOf(encoding, 'd', longest.length);
  let start = 0;
  return longest.map((length, stage) => {
    const depth = depths[stage];
    if (typeof depth !== 'number' || !Number.isInteger(depth) || depth < 0 || depth > length) {
      throw new UsageError(`"d[${stage}]" is ${JSON.stringify(depth)}; allowed are whole numbers up to ${length}.`);
    }
    const from = start;
    start += length;
    return Array.from({ length: depth }, (_, index) => ({
      kernel: kernels[from + index],
      expansion: expansions[from + index],
    }));
  });
}

/** A list of one value for each place, or one value for all of them. */
function listOf(encoding: { readonly [key: string]: unknown }, key: string, length: number): readonly unknown[] {
  const value = encoding[key];
  if (typeof value === 'number') return new Array<unknown>(length).fill(value);
  if (Array.isArray(value) && value.length === length) return value;
  const found = Array.isArray(value) ? `a list of ${value.length}` : JSON.stringify(value).slice(0, 80);
  throw new UsageError(`"${key}" is ${found}; allowed: a list of ${length} numbers, or one number for all places.`);
}
