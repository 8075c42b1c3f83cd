/** @file Symbolic tensors: immutable nodes of a graph, made by applying an operator to others. */
import type { Layout, Value } from './layout.js';
import type { OnnxAttributes } from './onnx.js';
import type { DType, Shape } from './shape.js';

/** Attributes are plain data: they are part of a node's identity. */
export type Attribute = number | string | boolean | null | readonly Attribute[];
/** What an operator is told beside its inputs. */
export interface Attributes {
  readonly [name: string]: Attribute;
}

/** What an operator was applied to, as its rules see it. */
export interface Application<A extends Attributes> {
  readonly inputs: readonly Tensor[];
  readonly attributes: A;
  readonly output: Tensor;
}

/** What an operator's lowering writes to: a list of ONNX nodes under construction. */
export interface Lowering {
  /** The block size of the processor's blocked layout in channels, or `null` where only standard operators are allowed. */
  readonly blocks: number | null;
  /** The name of a tensor's value in plain layout. */
  plain(tensor: Tensor): string;
  /** The name of a [N, C, H, W] tensor's value in blocked layout. */
  blocked(tensor: Tensor): string;
  /** The layout in which a tensor was made. */
  layoutOf(tensor: Tensor): Layout;
  /** Adds a node and returns the name of its (first) output. An empty input name leaves an optional input out. */
  node(operator: string, inputs: readonly string[], attributes?: OnnxAttributes, domain?: string): string;
  /** A constant vector of 64-bit integers, for shapes and axes. */
  integers(values: readonly number[]): string;
  /** A constant of floats. */
  floats(values: readonly number[] | Float32Array, shape: Shape): string;
  /** A constant of 32-bit integers. */
  integers32(values: readonly number[], shape: Shape): string;
}

/** All that is true of an operator: its shape rule, its derivative and its lowerings stand in one row. */
export interface Rule<A extends Attributes> {
  readonly name: string;
  /** Shape and dtype of the output. Throws a `RangeError` where the inputs do not fit. */
  infer(inputs: readonly Tensor[], attributes: A): { readonly shape: Shape; readonly dtype: DType };
  /**
   * The vector-Jacobian product: for each input its gradient, given the output's, or `null` where none flows.
   * It is made of tensors again, so that derivatives are differentiable.
   */
  derivative?(gradient: Tensor, application: Application<A>): readonly (Tensor | null)[];
  /** ONNX nodes for standard operators that run everywhere. */
  lower(lowering: Lowering, application: Application<A>): string;
  /**
   * ONNX nodes for the processor's blocked layout, or `null` where this application is better off with `lower`.
   * Called only where that layout is available.
   */
  lowerBlocked?(lowering: Lowering, application: Application<A>): Value | null;
}

/** What a tensor is made of. */
interface Parts {
  readonly operator: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly dtype: DType;
  /** The derivative rule. */
  readonly derivative: (gradient: Tensor, self: Tensor) => readonly (Tensor | null)[];
  /** The lowering to ONNX nodes. */
  readonly lower: (lowering: Lowering, self: Tensor) => Value;
  /** The same operator on other inputs. */
  readonly withInputs: (inputs: readonly Tensor[]) => Tensor;
}

/** A node of a symbolic graph. Its shape is known; its elements exist only when a session runs. */
export class Tensor {
  readonly operator: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.operator = parts.operator;
    this.inputs = parts.inputs;
    this.attributes = parts.attributes;
    this.shape = parts.shape;
    this.dtype = parts.dtype;
    this.#parts = parts;
  }

  /** Gradients of the inputs, given this tensor's. */
  derivative(gradient: Tensor): readonly (Tensor | null)[] {
    return this.#parts.derivative(gradient, this);
  }

  /** Writes this tensor's ONNX nodes. */
  lower(lowering: Lowering): Value {
    return this.#parts.lower(lowering, this);
  }

  /** The same operator on other inputs. */
  withInputs(inputs: readonly Tensor[]): Tensor {
    return this.#parts.withInputs(inputs);
  }
}

/** Applies an operator to inputs. */
export type Operator<A extends Attributes> = (inputs: readonly Tensor[], attributes: A) => Tensor;

/** Makes the function that applies an operator from the operator's rules. */
export function defineOperator<A extends Attributes>(rule: Rule<A>): Operator<A> {
  return function apply(inputs, attributes): Tensor {
    const { shape, dtype } = rule.infer(inputs, attributes);
    return new Tensor({
      operator: rule.name,
      inputs,
      attributes,
      shape,
      dtype,
      derivative: (gradient, output) =>
        rule.derivative?.(gradient, { inputs, attributes, output }) ?? inputs.map(() => null),
      lower: (lowering, output) => {
        const application = { inputs, attributes, output };
        const blocked = lowering.blocks ? rule.lowerBlocked?.(lowering, application) : null;
        return blocked ?? { name: rule.lower(lowering, application), layout: 'plain' };
      },
      withInputs: (replacements) => apply(replacements, attributes),
    });
  };
}

/** All tensors that `outputs` depend on, inputs before what is made of them. */
export function topologicalOrder(outputs: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const stack: { tensor: Tensor; next: number }[] = [];
  for (const output of outputs) {
    if (seen.has(output)) continue;
    seen.add(output);
    stack.push({ tensor: output, next: 0 });
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const input = frame.tensor.inputs[frame.next++];
      if (input === undefined) {
        order.push(frame.tensor);
        stack.pop();
      } else if (!seen.has(input)) {
        seen.add(input);
        stack.push({ tensor: input, next: 0 });
      }
    }
  }
  return order;
}
