/** @file Channel operators in the blocked layout. */
import type { Lowering, Value } from './lowering.js';
import type { Application, Attributes } from './tensor.js';

export const blockedChannelSum = (_lowering: Lowering, _application: Application<Attributes>): Value | null => null;
export const blockedCentredDot = (_lowering: Lowering, _application: Application<Attributes>): Value | null => null;
export const blockedAffine = (_lowering: Lowering, _application: Application<Attributes>): Value | null => null;
export const blockedCombination = (_lowering: Lowering, _application: Application<Attributes>): Value | null => null;
