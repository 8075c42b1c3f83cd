/** @file The block strings of MnasNet: `r3_k5_s22_e6_i40_o80_se0.25`. */
import { UsageError } from '../../error.js';

/** What may lead around a layer: its input, the pooled input, or nothing. */
export const skips = ['pool', 'identity', 'none'] as const;

/** A run of alike layers: what one block string says. */
export interface BlockRun {
  readonly repeats: number;
  readonly kernel: number;
  /** Of the first layer. */
  readonly stride: number;
  /** Of an inverted residual (1 is a depthwise separable convolution); `undefined` for a regular convolution. */
  readonly expansion: number | undefined;
  /** Channels of the input, before any multiplier. */
  readonly input: number;
  readonly out: number;
  /** Width of the squeeze relative to the layer's input; none if absent. */
  readonly squeezeRatio: number | undefined;
  readonly skip: (typeof skips)[number];
}

const NOTATION = /^r(\d+)_k(\d+)_s(\d)\3_(?:e(\d+)|conv)_i(\d+)_o(\d+)(?:_se([\d.]+))?(?:_(noskip|poolskip))?$/;

/**
 * Reads a block string. The authors write inverted residuals (`e6`) and `noskip`; `conv` in place of `e6` and `poolskip`
 * say in the same way what else their search chooses among.
 * @throws {UsageError} where it is none
 */
export function parseBlockString(text: string): BlockRun {
  const [, repeats, kernel, stride, expansion, input, out, squeezeRatio, skip] = NOTATION.exec(text) ?? [];
  if (out === undefined) {
    throw new UsageError(
      `"${text}" is no block string; an example of one is "r3_k5_s22_e6_i40_o80_se0.25", with "conv" in place of "e6" ` +
        'for a regular convolution, and with "_noskip" or "_poolskip" behind where the input is not added as it is.',
    );
  }
  return {
    repeats: Number(repeats),
    kernel: Number(kernel),
    stride: Number(stride),
    expansion: expansion === undefined ? undefined : Number(expansion),
    input: Number(input),
    out: Number(out),
    squeezeRatio: squeezeRatio === undefined ? undefined : Number(squeezeRatio),
    skip: skip === undefined ? 'identity' : skip === 'noskip' ? 'none' : 'pool',
  };
}

/** The block string of a run, which {@link parseBlockString} reads. */
export function formatBlockString(run: BlockRun): string {
  const { repeats, kernel, stride, expansion, input, out, squeezeRatio, skip } = run;
  const operator = expansion === undefined ? 'conv' : `e${expansion}`;
  const parts = [`r${repeats}`, `k${kernel}`, `s${stride}${stride}`, operator, `i${input}`, `o${out}`];
  if (squeezeRatio !== undefined) parts.push(`se${squeezeRatio}`);
  if (skip !== 'identity') parts.push(skip === 'none' ? 'noskip' : 'poolskip');
  return parts.join('_');
}
