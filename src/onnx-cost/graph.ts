/** @file ONNX model files as plain data: what counting needs of nodes, constants, inputs, outputs and the graphs within nodes. */
import onnxProto, { type onnx as Proto } from 'onnx-proto';
import { UsageError } from '../error.js';
import type { Shape } from '../tensor/shape.js';
import { withoutFunctions } from './functions.js';

const { ModelProto, AttributeProto, TensorProto } = onnxProto.onnx;

/** A tensor that is part of the model. */
export interface GraphConstant {
  readonly name: string;
  readonly shape: Shape;
  /** One of `TensorProto.DataType`. */
  readonly dataType: number;
  /** Holds nothing but zeros. */
  isZero(): boolean;
}

export interface GraphInput {
  readonly name: string;
  /** Free sizes are their names, or `null` where they have none; `null` in all where the model does not say how many there are. */
  readonly shape: readonly (number | string | null)[] | null;
  /** One of `TensorProto.DataType`. */
  readonly dataType: number;
}

export type AttributeValue = number | string | readonly number[];

export interface CountedNode {
  /** Name of the operator, with its domain where that is not the standard one. */
  readonly operator: string;
  readonly name: string;
  /** An empty name is an optional input left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
  /** The graphs that `If`, `Loop` and `Scan` run, by the names of their attributes. */
  readonly bodies: ReadonlyMap<string, ModelGraph>;
  /** What the file holds. */
  readonly proto: Proto.INodeProto;
}

/** A model's graph, or one within a node. */
export interface ModelGraph {
  /** Without those of `Constant`, which are constants. */
  readonly nodes: readonly CountedNode[];
  readonly constants: ReadonlyMap<string, GraphConstant>;
  readonly inputs: readonly GraphInput[];
  readonly outputs: readonly string[];
  /** Values that are lists of tensors, or may be missing, and so have no shape. */
  readonly shapeless: ReadonlySet<string>;
  /** What the file holds. */
  readonly proto: Proto.IGraphProto;
}

export interface OnnxModel extends ModelGraph {
  /** Key-value pairs that the model carries for its user. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The file with the model's own functions written out where they are called. */
  readonly model: Proto.IModelProto;
}

/**
 * Reads a model file.
 *
 * @throws {UsageError} where the bytes are no model
 */
export function readOnnxModel(bytes: Uint8Array): OnnxModel {
  const model = withoutFunctions(decodeModel(bytes));
  const metadata = new Map((model.metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? '']));
  return { ...readGraph(model.graph ?? {}, new Set()), metadata, model };
}

/**
 * The parts of a model file as they lie in it.
 *
 * @throws {UsageError} where the bytes are no model
 */
export function decodeModel(bytes: Uint8Array): Proto.IModelProto {
  let model: Proto.IModelProto | undefined;
  try {
    model = ModelProto.decode(bytes);
  } catch {
    model = undefined;
  }
  if (!model?.graph?.node?.length) throw new UsageError('This is no ONNX model: it holds no graph of operators.');
  return model;
}

/** @param around values without a shape in the graphs around this one */
function readGraph(proto: Proto.IGraphProto, around: ReadonlySet<string>): ModelGraph {
  const constants = new Map<string, GraphConstant>();
  for (const tensor of proto.initializer ?? []) constants.set(tensor.name ?? '', readConstant(tensor.name, tensor));
  for (const { values, dims } of proto.sparseInitializer ?? []) {
    constants.set(values?.name ?? '', readConstant(values?.name, { ...values, dims: dims ?? [] }));
  }
  const shapeless = new Set(around);
  for (const { name, type } of proto.input ?? []) if (isShapeless(type)) shapeless.add(name ?? '');
  const nodes: CountedNode[] = [];
  for (const each of proto.node ?? []) {
    const operator = operatorOf(each);
    const [output = ''] = each.output ?? [];
    if (operator === 'Constant') {
      constants.set(output, readConstantNode(output, each));
      continue;
    }
    const node = readNode(each, operator, shapeless);
    nodes.push(node);
    for (const name of shapelessOutputs(node, shapeless)) shapeless.add(name);
  }
  return {
    nodes,
    constants,
    // Models of IR version 3 and before list their constants among the inputs.
    inputs: (proto.input ?? []).map(readInput).filter(({ name }) => !constants.has(name)),
    outputs: (proto.output ?? []).map(({ name }) => name ?? ''),
    shapeless,
    proto,
  };
}

function operatorOf({ opType, domain }: Proto.INodeProto): string {
  const prefix = domain === '' || domain === 'ai.onnx' || !domain ? '' : `${domain}.`;
  return `${prefix}${opType}`;
}

function readNode(proto: Proto.INodeProto, operator: string, around: ReadonlySet<string>): CountedNode {
  const attributes = new Map<string, AttributeValue>();
  const bodies = new Map<string, ModelGraph>();
  for (const attribute of proto.attribute ?? []) {
    const value = readAttribute(attribute);
    if (value !== undefined) attributes.set(attribute.name ?? '', value);
    if (attribute.g) bodies.set(attribute.name ?? '', readGraph(attribute.g, around));
  }
  const { input, output, name } = proto;
  return {
    operator,
    name: name || output?.[0] || '',
    inputs: input ?? [],
    outputs: output ?? [],
    attributes,
    bodies,
    proto,
  };
}

const { AttributeType } = AttributeProto;

function readAttribute({ type, f, i, s, floats, ints }: Proto.IAttributeProto): AttributeValue | undefined {
  switch (type) {
    case AttributeType.FLOAT:
      return f ?? 0;
    case AttributeType.INT:
      return Number(i);
    case AttributeType.STRING:
      return new TextDecoder().decode(s ?? new Uint8Array());
    case AttributeType.FLOATS:
      return floats ?? [];
    case AttributeType.INTS:
      return (ints ?? []).map(Number);
    default:
      return undefined;
  }
}

function readConstant(name: string | null | undefined, tensor: Proto.ITensorProto): GraphConstant {
  const { dims, dataType, rawData, floatData, int32Data, int64Data, doubleData, uint64Data } = tensor;
  return {
    name: name ?? '',
    shape: (dims ?? []).map(Number),
    dataType: dataType ?? 0,
    isZero: () =>
      [rawData, floatData, int32Data, int64Data, doubleData, uint64Data].every(
        (data) => data === undefined || data === null || [...data].every((value) => Number(value) === 0),
      ),
  };
}

function readConstantNode(name: string, { attribute }: Proto.INodeProto): GraphConstant {
  const { DataType } = TensorProto;
  const [given = {}] = attribute ?? [];
  const { t, sparseTensor, floats, ints, strings, f, i } = given;
  if (t) return readConstant(name, t);
  if (sparseTensor) return readConstant(name, { ...sparseTensor.values, dims: sparseTensor.dims ?? [] });
  switch (given.type) {
    case AttributeType.FLOATS:
      return readConstant(name, { dims: [floats?.length ?? 0], dataType: DataType.FLOAT, floatData: floats ?? [] });
    case AttributeType.INTS:
      return readConstant(name, { dims: [ints?.length ?? 0], dataType: DataType.INT64, int64Data: ints ?? [] });
    case AttributeType.STRINGS:
      return readConstant(name, { dims: [strings?.length ?? 0], dataType: DataType.STRING });
    case AttributeType.FLOAT:
      return readConstant(name, { dataType: DataType.FLOAT, floatData: [f ?? 0] });
    case AttributeType.INT:
      return readConstant(name, { dataType: DataType.INT64, int64Data: [i ?? 0] });
    default:
      return readConstant(name, { dataType: DataType.STRING });
  }
}

function readInput({ name, type }: Proto.IValueInfoProto): GraphInput {
  const { shape, elemType } = type?.tensorType ?? {};
  return {
    name: name ?? '',
    shape: shape ? (shape.dim ?? []).map(({ dimValue, dimParam }) => Number(dimValue ?? 0) || dimParam || null) : null,
    dataType: elemType ?? 0,
  };
}

const isShapeless = (type: Proto.ITypeProto | null | undefined): boolean =>
  Boolean(type?.sequenceType ?? type?.optionalType ?? type?.mapType);

/** Operators whose outputs are lists of tensors, or may be missing. */
const LISTS = new Set([
  'SequenceConstruct',
  'SequenceEmpty',
  'SequenceErase',
  'SequenceInsert',
  'SplitToSequence',
  'Optional',
]);

/** Those of a node's outputs that have no shape, given the values before it that have none. */
function shapelessOutputs(node: CountedNode, shapeless: ReadonlySet<string>): readonly string[] {
  const { operator, inputs, outputs, bodies } = node;
  if (LISTS.has(operator)) return outputs;
  if (operator === 'Identity') return shapeless.has(inputs[0] ?? '') ? outputs : [];
  // The outputs of a loop's body are the condition and then those of the loop.
  const first = operator === 'Loop' ? 1 : 0;
  return outputs.filter((_, position) =>
    [...bodies.values()].some((body) => body.shapeless.has(body.outputs[position + first] ?? '')),
  );
}
