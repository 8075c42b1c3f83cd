/** @file The geometry of convolutions: what the operators and their lowerings know of one beside its inputs. */
import type { PairLike, Shape } from '../shape.js';

/** [top, left, bottom, right] zeros around the image. */
export type ImagePadding = readonly [number, number, number, number];

/** A convolution's settings, every one spelt out. */
export interface Geometry {
  readonly [name: string]: number | readonly number[];
  readonly stride: readonly [number, number];
  readonly padding: ImagePadding;
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

export function imagePadding(padding: PairLike | ImagePadding): ImagePadding {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  return padding.length === 4 ? padding : [padding[0], padding[1], padding[0], padding[1]];
}

/** The settings that an adjoint needs beside those of its convolution: the shape that it restores. */
export type Adjoint = Geometry & { readonly shape: Shape };
