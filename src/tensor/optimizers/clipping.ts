/** @file Gradient clipping. */
import { add, div, minimum, mul, sqrt, square } from '../operators/arithmetic.js';
import { reduceSum } from '../operators/reduction.js';
import { scalar } from '../operators/source.js';
import type { Tensor } from '../tensor.js';

/** The gradient, scaled down where its Euclidean norm exceeds `maximum` (Pascanu et al. 2013); 1e-6 as in PyTorch. */
export function clipGlobalNorm(gradient: Tensor, maximum: number): Tensor {
  const norm = sqrt(reduceSum(square(gradient)));
  return mul(gradient, minimum(div(scalar(maximum), add(norm, scalar(1e-6))), scalar(1)));
}
