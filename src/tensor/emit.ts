/** @file Emission: a graph of tensors becomes one ONNX model. It knows no operator by name. */
import { fuseIntoConvolutions } from './fusion.js';
import { BLOCKED_DOMAIN, type Layout, type Value } from './layout.js';
import {
  encodeModel,
  type OnnxAttributes,
  type OnnxConstant,
  type OnnxData,
  type OnnxNode,
  type OnnxPort,
} from './onnx.js';
import { elementCount, type Shape } from './shape.js';
import { mergeEqualTensors } from './simplify.js';
import { type Lowering, type Tensor, topologicalOrder } from './tensor.js';

/** How tensors are written as an ONNX model. */
export interface EmissionOptions {
  /** Declares the first axis of every input and output that has one as free, so that the model takes any batch. Default `false`. */
  readonly dynamicBatch?: boolean;
  /** Channels in a block of the processor's own layout (see `Layout`); `null`, the default, writes standard operators only. */
  readonly blocks?: number | null;
  /** Key-value pairs that the model carries for its user. */
  readonly metadata?: { readonly [key: string]: string };
}

/**
 * One ONNX model that computes `outputs` from the `input` tensors that they depend on, equal parts merged.
 *
 * @returns the bytes of the model file. Inputs carry the names that they were made with, outputs those of `outputs`.
 * @throws {Error} where two different things would have one name, such as an output and an input
 */
export function emitModel(outputs: { readonly [name: string]: Tensor }, options: EmissionOptions = {}): Uint8Array {
  const names = Object.keys(outputs);
  const tensors = mergeEqualTensors(Object.values(outputs));
  const emission = new Emission(options.blocks ?? null);
  const inputs: OnnxPort[] = [];
  const port = (name: string, { shape, dtype }: Tensor): OnnxPort => ({
    name,
    shape: options.dynamicBatch && shape.length > 0 ? [null, ...shape.slice(1)] : shape,
    dtype,
  });
  for (const tensor of topologicalOrder(tensors)) {
    const { name } = emission.add(tensor);
    if (tensor.operator === 'input') inputs.push(port(name, tensor));
  }
  tensors.forEach((tensor, position) => {
    emission.nameOutput(names[position] ?? '', tensor);
  });
  checkNames([...inputs, ...emission.constants].map(({ name }) => name).concat(emission.nodes.flatMap(namesOf)));
  return encodeModel({
    nodes: fuseIntoConvolutions(emission.nodes, (name) => emission.isBlocked(name)),
    constants: emission.constants,
    inputs,
    outputs: tensors.map((tensor, position) => port(names[position] ?? '', tensor)),
    metadata: options.metadata ?? {},
  });
}

const namesOf = ({ outputs }: OnnxNode): readonly string[] => outputs;

function checkNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new Error(`two values of the model would be named "${name}": give inputs and outputs names of their own`);
    }
    seen.add(name);
  }
}

const numberKey = (value: number | bigint): string => (Object.is(value, -0) ? '-0' : String(value));

/** Constants of up to this many elements are compared. */
const COMPARED = 64;

class Emission implements Lowering {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxConstant[] = [];
  readonly #values = new Map<Tensor, Value>();
  /** Names of the values of tensors that lie in blocked layout. */
  readonly #blocked = new Set<string>();
  /** Names of nodes and constants by what they are. */
  readonly #names = new Map<string, string>();

  constructor(readonly blocks: number | null) {}

  add(tensor: Tensor): Value {
    const value = tensor.lower(this);
    this.#values.set(tensor, value);
    if (value.layout === 'blocked') this.#blocked.add(value.name);
    return value;
  }

  isBlocked(name: string): boolean {
    return this.#blocked.has(name);
  }

  layoutOf(tensor: Tensor): Layout {
    return this.#value(tensor).layout;
  }

  plain(tensor: Tensor): string {
    const { name, layout } = this.#value(tensor);
    if (layout === 'plain') return name;
    const channels = tensor.shape[1] ?? 0;
    return this.node('ReorderOutput', [name], { channels }, BLOCKED_DOMAIN);
  }

  blocked(tensor: Tensor): string {
    const { name, layout } = this.#value(tensor);
    if (layout === 'blocked') return name;
    return this.#block(name, tensor.shape);
  }

  /** ReorderInput pads channels with zeros to a whole block, but takes multiples of 4 only. */
  #block(name: string, [, channels = 1]: Shape): string {
    const missing = -channels & 3;
    const padded = missing === 0 ? name : this.node('Pad', [name, this.integers([0, 0, 0, 0, 0, missing, 0, 0])]);
    return this.node('ReorderInput', [padded], {}, BLOCKED_DOMAIN);
  }

  /** Equal nodes are one: lowerings need not know what others have computed already. */
  node(operator: string, inputs: readonly string[], attributes: OnnxAttributes = {}, domain = ''): string {
    const key = `${domain} ${operator} ${inputs.join()} ${JSON.stringify(attributes)}`;
    return this.#once(key, () => {
      const output = `${operator}_${this.nodes.length}`;
      this.nodes.push({ operator, domain, inputs, outputs: [output], attributes });
      return output;
    });
  }

  integers(values: readonly number[]): string {
    return this.#constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  integers32(values: readonly number[], shape: Shape): string {
    return this.#constant(Int32Array.from(values), shape);
  }

  floats(values: readonly number[] | Float32Array, shape: Shape): string {
    return this.#constant(Float32Array.from(values), shape);
  }

  /** Gives the value of an output its public name. */
  nameOutput(name: string, tensor: Tensor): void {
    const inner = this.plain(tensor);
    this.nodes.push({ operator: 'Identity', domain: '', inputs: [inner], outputs: [name], attributes: {} });
  }

  #value(tensor: Tensor): Value {
    const value = this.#values.get(tensor);
    if (value === undefined) throw new Error(`operator ${tensor.operator} was used before it was lowered`);
    return value;
  }

  #once(key: string, make: () => string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = make();
    this.#names.set(key, name);
    return name;
  }

  #constant(data: OnnxData, shape: Shape): string {
    const type = data.constructor.name;
    const add = (): string => {
      const name = `constant_${this.constants.length}`;
      this.constants.push({ name, shape, data });
      return name;
    };
    return elementCount(shape) > COMPARED
      ? add()
      : this.#once(`${type} ${shape} ${Array.from(data, numberKey).join()}`, add);
  }
}
