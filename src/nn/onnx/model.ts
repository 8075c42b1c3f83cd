/** @file ONNX model files as plain data: what counting needs of nodes, constants, inputs and outputs. */
import onnxProto, { type onnx as Proto } from 'onnx-proto';
import { UsageError } from '../../error.js';
import type { Shape } from '../../tensor/shape.js';

const { onnx } = onnxProto;
const { FLOAT, INT32, INT64 } = onnx.TensorProto.DataType;

/** A tensor that is part of the model. `values` are there for small ones, which may be shapes, axes or scales. */
export interface OnnxTensor {
  readonly shape: Shape;
  readonly values: readonly number[] | undefined;
}

export type OnnxValue = number | string | readonly number[] | OnnxTensor;

export interface OnnxNode {
  /** Name of the operator, with its domain where that is not the standard one. */
  readonly operator: string;
  readonly name: string;
  /** An empty name is an optional input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxValue>;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  /** Sizes that the model leaves free are `null`. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly (number | null)[] }[];
  readonly outputs: readonly string[];
}

/** Tensors of more elements than this are weights: their numbers do not matter for shapes. */
const LARGEST_SHAPE = 1024;

/** Reads a model file. Throws a `UsageError` where the bytes are none. */
export function readOnnxModel(bytes: Uint8Array): OnnxModel {
  const graph = decode(bytes);
  const constants = new Map((graph.initializer ?? []).map((tensor) => [tensor.name ?? '', readTensor(tensor)]));
  return {
    nodes: (graph.node ?? []).map(readNode),
    constants,
    // Models of IR version 3 and before list their constants among the inputs.
    inputs: (graph.input ?? []).map(readInput).filter(({ name }) => !constants.has(name)),
    outputs: (graph.output ?? []).map(({ name }) => name ?? ''),
  };
}

function decode(bytes: Uint8Array): Proto.IGraphProto {
  let graph: Proto.IGraphProto | null | undefined;
  try {
    graph = onnx.ModelProto.decode(bytes).graph;
  } catch {
    graph = undefined;
  }
  if (!graph?.node?.length) throw new UsageError('This is no ONNX model: it holds no graph of operators.');
  return graph;
}

function readNode({ opType, domain, name, input, output, attribute }: Proto.INodeProto): OnnxNode {
  const prefix = domain === '' || domain === 'ai.onnx' || !domain ? '' : `${domain}.`;
  return {
    operator: `${prefix}${opType}`,
    name: name || output?.[0] || '',
    inputs: input ?? [],
    outputs: output ?? [],
    attributes: new Map((attribute ?? []).map((each) => [each.name ?? '', readAttribute(each)])),
  };
}

function readAttribute({ type, f, i, s, t, floats, ints }: Proto.IAttributeProto): OnnxValue {
  const { AttributeType } = onnx.AttributeProto;
  switch (type) {
    case AttributeType.FLOAT:
      return f ?? 0;
    case AttributeType.INT:
      return Number(i);
    case AttributeType.STRING:
      return new TextDecoder().decode(s ?? new Uint8Array());
    case AttributeType.TENSOR:
      return readTensor(t ?? {});
    case AttributeType.FLOATS:
      return floats ?? [];
    default:
      return (ints ?? []).map(Number);
  }
}

function readTensor(tensor: Proto.ITensorProto): OnnxTensor {
  const shape = (tensor.dims ?? []).map(Number);
  const elements = shape.reduce((product, size) => product * size, 1);
  return { shape, values: elements <= LARGEST_SHAPE ? readValues(tensor) : undefined };
}

function readValues({ dataType, rawData, int64Data, int32Data, floatData }: Proto.ITensorProto): number[] | undefined {
  // A copy of its own: in Node the decoder gives a window into a larger buffer.
  const raw = rawData?.length ? Uint8Array.from(rawData) : undefined;
  switch (dataType) {
    case INT64:
      return raw ? [...new BigInt64Array(raw.buffer)].map(Number) : (int64Data ?? []).map(Number);
    case INT32:
      return raw ? [...new Int32Array(raw.buffer)] : [...(int32Data ?? [])];
    case FLOAT:
      return raw ? [...new Float32Array(raw.buffer)] : [...(floatData ?? [])];
    default:
      return undefined;
  }
}

function readInput({ name, type }: Proto.IValueInfoProto): OnnxModel['inputs'][number] {
  const dims = type?.tensorType?.shape?.dim ?? [];
  return { name: name ?? '', shape: dims.map(({ dimValue }) => Number(dimValue ?? 0) || null) };
}
