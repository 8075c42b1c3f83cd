/** @file A model is not run where its values would take more memory than a machine can be expected to have. */
import onnxProto, { type onnx as Proto } from 'onnx-proto';
import type { Engine } from '../engine/engine.js';
import { UsageError } from '../error.js';
import { type MemoryValue, peakActivationElements } from '../nn/peak-activation.js';
import { elementCount, type Shape } from '../tensor/shape.js';
import { elementBytes } from './element-bytes.js';
import type { OnnxModel } from './graph.js';
import { expectedShapes } from './runtime.js';

/** 4 GiB for the values that are alive at once, without the weights. */
const MOST_BYTES = 4 * 2 ** 30;

/** Constants of more elements than this are weights: no shape follows from them. */
const LARGEST_SHAPE = 1024;

/**
 * Values whose sizes ONNX Runtime does not know before the model runs do not count.
 *
 * @throws {UsageError} where those that it knows would take more than 4 GiB at once
 */
export async function refuseTooLarge(
  engine: Engine,
  model: OnnxModel,
  inputs: ReadonlyMap<string, Shape>,
): Promise<void> {
  refuseAbove(
    model.inputs.reduce(
      (sum, { name, dataType }) => sum + elementCount(inputs.get(name) ?? []) * elementBytes(dataType),
      0,
    ),
  );
  let shapes: Awaited<ReturnType<typeof expectedShapes>>;
  try {
    shapes = await expectedShapes(engine, declared(model, inputs));
  } catch {
    // Values of types that are no JavaScript numbers cannot be asked for; what else is wrong, the run will tell.
    return;
  }
  const values = new Map<string, MemoryValue>();
  const remember = (name: string, shape: readonly (number | null)[]): MemoryValue => {
    const known = shape.filter((size) => size !== null);
    const value = { index: values.size, elements: known.length === shape.length ? elementCount(known) : 0 };
    values.set(name, value);
    return value;
  };
  const images = model.inputs.map(({ name }) => remember(name, inputs.get(name) ?? []));
  const steps = model.nodes.flatMap((node) => {
    const read = node.inputs.flatMap((name) => values.get(name) ?? []);
    return node.outputs.map((name) => ({
      ...remember(name, shapes.get(name) ?? [0]),
      inputs: read,
      memory: 'new' as const,
    }));
  });
  refuseAbove(peakActivationElements({ images, steps, outputs: [], values: values.size }) * FLOAT_BYTES);
}

const FLOAT_BYTES = 4;

function refuseAbove(bytes: number): void {
  if (bytes <= MOST_BYTES) return;
  throw new UsageError(
    `Counting runs the model once, and its values would take ${(bytes / 2 ** 30).toFixed(1)} GiB at once: 4 GiB is the most. Count it for smaller images.`,
  );
}

/** The model with all its values as outputs and without its weights, which is loaded only to be asked. */
function declared(model: OnnxModel, inputs: ReadonlyMap<string, Shape>): Uint8Array {
  const { proto } = model;
  const initializer = proto.initializer ?? [];
  const isWeight = ({ dims }: Proto.ITensorProto) => elementCount((dims ?? []).map(Number)) > LARGEST_SHAPE;
  const port = (name: string, elemType: number, shape: Shape): Proto.IValueInfoProto => ({
    name,
    type: { tensorType: { elemType, shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
  });
  return onnxProto.onnx.ModelProto.encode({
    ...model.model,
    graph: {
      ...proto,
      initializer: initializer.filter((tensor) => !isWeight(tensor)),
      input: [
        ...model.inputs.map(({ name, dataType }) => port(name, dataType, inputs.get(name) ?? [])),
        ...initializer
          .filter(isWeight)
          .map(({ name, dataType, dims }) => port(name ?? '', dataType ?? 0, (dims ?? []).map(Number))),
      ],
      output: model.nodes
        .flatMap(({ outputs }) => outputs)
        .filter((name) => name !== '' && !model.shapeless.has(name))
        .map((name) => ({ name })),
      valueInfo: [],
    },
  }).finish();
}
