/** @file The block strings of MnasNet and EfficientNet: `r3_k5_s22_e6_i40_o80_se0.25`. */
import { UsageError } from '../../error.js';

/** A run of inverted residuals: what one block string says. */
export interface BlockRun {
  readonly repeats: number;
  readonly kernel: number;
  /** Of the first block. */
  readonly stride: number;
  readonly expansion: number;
  /** Channels of the input, before any multiplier. */
  readonly input: number;
  readonly out: number;
  /** Width of the squeeze relative to the block's input; none if absent. */
  readonly squeezeRatio: number | undefined;
  /** Whether blocks add their input where shapes agree. */
  readonly skip: boolean;
}

const NOTATION = /^r(\d+)_k(\d+)_s(\d)\3_e(\d+)_i(\d+)_o(\d+)(?:_se([\d.]+))?(_noskip)?$/;

/**
 * Reads a block string.
 * @throws {UsageError} if it is none.
 */
export function parseBlockString(text: string): BlockRun {
  const [, repeats, kernel, stride, expansion, input, out, squeezeRatio, noSkip] = NOTATION.exec(text) ?? [];
  if (out === undefined) {
    throw new UsageError(
      `"${text}" is no block string; an example of one is "r3_k5_s22_e6_i40_o80_se0.25", and "_noskip" may follow.`,
    );
  }
  return {
    repeats: Number(repeats),
    kernel: Number(kernel),
    stride: Number(stride),
    expansion: Number(expansion),
    input: Number(input),
    out: Number(out),
    squeezeRatio: squeezeRatio === undefined ? undefined : Number(squeezeRatio),
    skip: noSkip === undefined,
  };
}

/** The block string of a run, which {@link parseBlockString} reads. */
export function formatBlockString(run: BlockRun): string {
  const { repeats, kernel, stride, expansion, input, out, squeezeRatio, skip } = run;
  const parts = [`r${repeats}`, `k${kernel}`, `s${stride}${stride}`, `e${expansion}`, `i${input}`, `o${out}`];
  if (squeezeRatio !== undefined) parts.push(`se${squeezeRatio}`);
  if (!skip) parts.push('noskip');
  return parts.join('_');
}
