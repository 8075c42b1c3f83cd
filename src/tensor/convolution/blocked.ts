/** @file Convolutions and their adjoints in ONNX Runtime's blocked layout. */
import type { Lowering, Value } from '../lowering.js';
import type { Adjoint, Geometry } from '../operators/convolution.js';
import type { Application } from '../tensor.js';

export function blockedConvolution(_lowering: Lowering, _application: Application<Geometry>): Value | null {
  return null;
}

export function blockedInputGradient(_lowering: Lowering, _application: Application<Adjoint>): Value | null {
  return null;
}

export function blockedWeightGradient(_lowering: Lowering, _application: Application<Adjoint>): Value | null {
  return null;
}
