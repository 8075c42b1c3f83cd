/** @file What an operator's lowering writes to: a list of ONNX nodes under construction. */
import type { OnnxAttributes } from './onnx.js';
import type { Shape } from './shape.js';
import type { Tensor } from './tensor.js';

/** The domain of ONNX Runtime's blocked operators. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

/**
 * How the elements of a value lie in memory. `plain` is row-major. `blocked` is ONNX Runtime's processor layout for
 * [N, C, H, W]: channels are padded to a multiple of the block size b and lie as [N, C/b, H, W, b].
 */
export type Layout = 'plain' | 'blocked';

/** A tensor's elements in the ONNX graph. */
export interface Value {
  readonly name: string;
  readonly layout: Layout;
}

export interface Lowering {
  /** The block size of the processor's blocked layout in channels, or `null` where only standard operators are allowed. */
  readonly blocks: number | null;
  /** The name of a tensor's value in plain layout. */
  plain(tensor: Tensor): string;
  /** The name of a [N, C, H, W] tensor's value in blocked layout. */
  blocked(tensor: Tensor): string;
  /** The layout in which a tensor was made. */
  layoutOf(tensor: Tensor): Layout;
  /** Adds a node and returns the name of its (first) output. An empty input name leaves an optional input out. */
  node(operator: string, inputs: readonly string[], attributes?: OnnxAttributes, domain?: string): string;
  /** A constant vector of 64-bit integers, for shapes and axes. */
  integers(values: readonly number[]): string;
  /** A constant of floats. */
  floats(values: readonly number[] | Float32Array, shape: Shape): string;
  /** A constant of 32-bit integers. */
  integers32(values: readonly number[], shape: Shape): string;
}
