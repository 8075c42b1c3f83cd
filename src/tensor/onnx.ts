/** @file ONNX model files: nodes and constants in, bytes out. */
import onnxProto from 'onnx-proto';
import type { DType, Shape } from './shape.js';

const { onnx } = onnxProto;

/** A number that ONNX must store as a float even where it is whole, such as a momentum of 1. */
export class Float {
  constructor(readonly value: number) {}
}

/** A value of an attribute of an ONNX node. */
export type OnnxAttribute = number | Float | string | readonly number[];
/** Attributes of an ONNX node by name. */
export interface OnnxAttributes {
  readonly [name: string]: OnnxAttribute;
}

export interface OnnxNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: OnnxAttributes;
}

export type OnnxData = Float32Array | Int32Array | BigInt64Array;

export interface OnnxConstant {
  readonly name: string;
  readonly shape: Shape;
  readonly data: OnnxData;
}

/** A graph input or output; a `null` size is the dynamic batch `N`. */
export interface OnnxPort {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly dtype: DType;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** Key-value pairs that the model carries for its user. */
  readonly metadata: { readonly [key: string]: string };
}

/** Opset 18 (ONNX 1.13, December 2022): the oldest in which every reduction that we use takes its axes as an input. */
const OPSET = 18;
/** The IR version that belongs to ONNX 1.13. */
const IR_VERSION = 8;

const { FLOAT, INT32, INT64, BOOL } = onnx.TensorProto.DataType;
const DTYPES = { float32: FLOAT, int32: INT32, bool: BOOL } satisfies Record<DType, number>;

/** The bytes of an ONNX model file. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const domains = new Set(graph.nodes.map((node) => node.domain));
  domains.delete('');
  return onnx.ModelProto.encode({
    irVersion: IR_VERSION,
    producerName: 'nasturtium',
    opsetImport: [{ domain: '', version: OPSET }, ...[...domains].map((domain) => ({ domain, version: 1 }))],
    metadataProps: Object.entries(graph.metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'nasturtium',
      node: graph.nodes.map((node) => ({
        opType: node.operator,
        domain: node.domain,
        name: node.outputs[0] ?? '',
        input: [...node.inputs],
        output: [...node.outputs],
        attribute: Object.entries(node.attributes).map(([name, value]) => encodeAttribute(name, value)),
      })),
      initializer: graph.constants.map(encodeConstant),
      input: graph.inputs.map(encodePort),
      output: graph.outputs.map(encodePort),
    },
  }).finish();
}

function encodeAttribute(name: string, value: OnnxAttribute) {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if (value instanceof Float) return { name, type: AttributeType.FLOAT, f: value.value };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function encodeConstant({ name, shape, data }: OnnxConstant) {
  const dataType = data instanceof Float32Array ? FLOAT : data instanceof Int32Array ? INT32 : INT64;
  return { name, dims: [...shape], dataType, rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

function encodePort({ name, shape, dtype }: OnnxPort) {
  const dim = shape.map((size) => (size === null ? { dimParam: 'N' } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: DTYPES[dtype], shape: { dim } } } };
}
