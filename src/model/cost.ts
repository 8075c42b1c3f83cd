/** @file What an architecture costs, counted without training it. */
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import type { Cost, LayerCost } from '../nn/cost.js';
import { int8Memory } from '../nn/int8-memory.js';
import { countOnnx } from '../onnx-cost/count.js';
import { isOnnxTarget, networkOf, type TargetOptions } from '../reference/named-network.js';
import { about, readModelBytes } from './onnx-model.js';

/** The cost of a network for one image, and of each layer. */
export interface CostReport extends Cost {
  readonly layers: readonly LayerCost[];
  /** What a microcontroller needs with 8-bit weights and maps; `null` for an ONNX file. */
  readonly int8: Int8Report | null;
}

/** Bytes for weights and maps of 8 bits, without code. */
export interface Int8Report {
  /** Feature maps alive at once. */
  readonly sramBytes: number;
  /** The same where depthwise convolutions write over their input, as TinyEngine's do. */
  readonly sramBytesInPlace: number;
  /** Weights, biases and scales. */
  readonly flashBytes: number;
}

/**
 * Counts parameters, MACs and peak activation memory of a preset, `SPACE:GENOTYPE`, a JSON file or an ONNX file.
 *
 * @throws {UsageError} where there is no such architecture, or an ONNX file cannot be read, run or counted
 */
export async function countCost(target: string, options: TargetOptions = {}): Promise<CostReport> {
  if (isOnnxTarget(target)) return countOnnxFile(target, options);
  const { network } = await networkOf(target, options);
  const { sramBytes, flashBytes } = int8Memory(network);
  const { sramBytes: sramBytesInPlace } = int8Memory(network, { inPlaceDepthwise: true });
  return { ...network.cost(), layers: network.layerCosts(), int8: { sramBytes, sramBytesInPlace, flashBytes } };
}

async function countOnnxFile(file: string, { input, classes }: TargetOptions): Promise<CostReport> {
  if (classes !== undefined) throw new UsageError(`The classes of ${file} are fixed: leave out --classes.`);
  const bytes = await readModelBytes(file);
  const inputShape = input && [1, input.channels, input.height, input.width];
  return { ...(await about(file, () => countOnnx(nodeEngine(), bytes, inputShape && { inputShape }))), int8: null };
}
