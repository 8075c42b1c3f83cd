/** @file How the elements of a value lie in memory: plain, or blocked as ONNX Runtime's kernels for processors want it. */

/** The domain of ONNX Runtime's blocked operators. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/**
 * How the elements of a value lie in memory. `plain` is row-major. `blocked` is ONNX Runtime's processor layout for
 * `[N, C, H, W]`: channels are padded to a multiple of the block size b and lie as `[N, C/b, H, W, b]`.
 */
export type Layout = 'plain' | 'blocked';

/** A tensor's elements in the ONNX graph. */
export interface Value {
  readonly name: string;
  readonly layout: Layout;
}
