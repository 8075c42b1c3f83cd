/** @file Counting any ONNX file of a convolutional network: parameters, multiply-accumulates, peak activation memory. */
import { UsageError } from '../error.js';
import { elementCount, type Shape } from '../tensor/shape.js';
import { BYTES_PER_ELEMENT, type Cost, type LayerCost } from './cost.js';
import { computeRules } from './onnx/compute.js';
import { elementwiseRules } from './onnx/elementwise.js';
import { type OnnxModel, type OnnxNode, readOnnxModel } from './onnx/model.js';
import { type CountedValue, NodeView, type OperatorRule } from './onnx/rule.js';
import { shapingRules } from './onnx/shaping.js';
import { type MemoryStep, type MemoryValue, peakActivationElements } from './peak-activation.js';

/** The cost of a model for one image. */
export interface OnnxCost extends Cost {
  /** Nodes that depend on the input, in the order in which they run. */
  readonly layers: readonly LayerCost[];
}

export interface CountOptions {
  /** Sizes of the model's input with the batch in front, for models that leave some free. */
  readonly inputShape?: Shape;
}

const rules: ReadonlyMap<string, OperatorRule> = new Map([...computeRules, ...elementwiseRules, ...shapingRules]);

/**
 * Infers the shapes of an ONNX model by walking its operators and counts it by the conventions of `Network.cost`:
 *
 * - Parameters are the elements of constants that serve as weights, biases, scales, shifts or slopes, each constant once.
 *   Running means and variances, single numbers (of shape []) and what only rescales the model's input do not count. An
 *   exported network whose batch norms were folded counts its folded biases in place of scales and shifts.
 * - Multiply-accumulates are those of `Conv`, `ConvTranspose`, `Gemm` and `MatMul`, for one image.
 * - Peak activation memory follows `peakActivationElements` in the order of the nodes; x·f(x), as swish is mostly written, works in place like one
 *   activation.
 *
 * @throws UsageError where the bytes are no model, where operators cannot be counted (all are named), where the input has
 * free sizes besides the batch and `inputShape` is not given, or where a shape depends on what the model computes.
 */
export function countOnnx(bytes: Uint8Array, options: CountOptions = {}): OnnxCost {
  const model = readOnnxModel(bytes);
  requireKnownOperators(model.nodes);
  const count = new Count(model, options);
  model.nodes.forEach((node) => {
    count.add(node);
  });
  return count.total();
}

function requireKnownOperators(nodes: readonly OnnxNode[]): void {
  const unknown = [...new Set(nodes.map(({ operator }) => operator))].filter((operator) => !rules.has(operator)).sort();
  if (unknown.length > 0) {
    throw new UsageError(
      `This model cannot be counted: it uses ${unknown.join(', ')}. Countable are ${[...rules.keys()].sort().join(', ')}.`,
    );
  }
}

/** A step with all that the memory count needs. */
interface Step extends MemoryStep {
  readonly node: OnnxNode;
}

class Count {
  readonly #model: OnnxModel;
  readonly #values = new Map<string, CountedValue>();
  /** Values that depend on the input. */
  readonly #memory = new Map<string, MemoryValue>();
  readonly #images: MemoryValue[] = [];
  readonly #steps: Step[] = [];
  readonly #layers: LayerCost[] = [];
  readonly #counted = new Set<string>();
  /** How many nodes, or the end, read a value. */
  readonly #readers = new Map<string, number>();
  #batch = 1;

  constructor(model: OnnxModel, { inputShape }: CountOptions) {
    this.#model = model;
    for (const name of [...model.outputs, ...model.nodes.flatMap(({ inputs }) => inputs)]) {
      this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1);
    }
    for (const [name, { shape, values }] of model.constants) {
      this.#values.set(name, { shape, values, isConstant: true, isRaw: false, origin: name });
    }
    for (const [position, { name, shape }] of model.inputs.entries()) {
      const sizes = position === 0 ? inputSizes(name, shape, inputShape) : inputSizes(name, shape, undefined);
      if (position === 0) this.#batch = sizes[0] ?? 1;
      this.#values.set(name, { shape: sizes, values: undefined, isConstant: false, isRaw: true, origin: name });
      this.#images.push(this.#remember(name, sizes));
    }
  }

  add(node: OnnxNode): void {
    const rule = rules.get(node.operator);
    if (rule === undefined) throw new Error(`no rule for ${node.operator}`);
    const inputs = node.inputs.map((name) => this.#value(name, node));
    const view = new NodeView(node, inputs);
    const values = rule.values?.(view);
    const given = inputs.filter((input) => input !== undefined);
    // The shape of an activation does not depend on its elements.
    const isConstant = values !== undefined || given.every((input) => input.isConstant);
    const rescales = given.some((input) => input.isRaw) && given.every((input) => input.isRaw || input.isConstant);
    const isRaw = !isConstant && rescales && rule.macs === undefined;
    const [first] = given;
    for (const [position, shape] of rule.shapes(view).entries()) {
      const name = node.outputs[position];
      if (!name) continue;
      requireSizes(view, shape);
      const origin = rule.rearranges && first !== undefined ? first.origin : name;
      this.#values.set(name, { shape, values: position === 0 ? values : undefined, isConstant, isRaw, origin });
      if (!isConstant) this.#addStep(node, name, shape, rule);
    }
    if (!isConstant) this.#addLayer(view, rule, isRaw);
  }

  total(): OnnxCost {
    const outputs = this.#model.outputs.flatMap((name) => this.#memory.get(name) ?? []);
    const peak = peakActivationElements({
      images: this.#images,
      steps: this.#steps.map((step) => (this.#isFusedGate(step) ? { ...step, memory: 'view' } : step)),
      outputs,
      values: this.#memory.size,
    });
    return {
      params: this.#layers.reduce((sum, { params }) => sum + params, 0),
      macs: this.#layers.reduce((sum, { macs }) => sum + macs, 0),
      peakActivationBytes: (BYTES_PER_ELEMENT * peak) / this.#batch,
      layers: this.#layers,
    };
  }

  #addStep(node: OnnxNode, name: string, shape: Shape, { memory = 'new' }: OperatorRule): void {
    const inputs = node.inputs.flatMap((input) => this.#memory.get(input) ?? []);
    this.#steps.push({ ...this.#remember(name, shape), inputs, memory, node });
  }

  #addLayer(view: NodeView, rule: OperatorRule, isRaw: boolean): void {
    const { name, operator, outputs } = view.node;
    this.#layers.push({
      name,
      operator,
      outputShape: (this.#values.get(outputs[0] ?? '')?.shape ?? []).slice(1),
      params: isRaw ? 0 : this.#parameters(view, rule),
      macs: (rule.macs?.(view) ?? 0) / this.#batch,
    });
  }

  #parameters({ inputs }: NodeView, { parameters = [] }: OperatorRule): number {
    let count = 0;
    for (const position of parameters) {
      const input = inputs[position];
      if (!input?.isConstant || this.#counted.has(input.origin)) continue;
      const { shape } = this.#values.get(input.origin) ?? input;
      if (shape.length === 0) continue;
      this.#counted.add(input.origin);
      count += elementCount(shape);
    }
    return count;
  }

  /** Whether a step is the f(x) of x·f(x) and nothing else reads it. */
  #isFusedGate({ node, memory }: Step): boolean {
    const [output = ''] = node.outputs;
    if (memory !== 'in-place' || node.inputs[0] === undefined || this.#readers.get(output) !== 1) return false;
    const reader = this.#steps.find((step) => step.node.inputs.includes(output))?.node;
    return reader?.operator === 'Mul' && reader.inputs.includes(node.inputs[0]);
  }

  #remember(name: string, shape: Shape): MemoryValue {
    const value = { index: this.#memory.size, elements: elementCount(shape) };
    this.#memory.set(name, value);
    return value;
  }

  #value(name: string, node: OnnxNode): CountedValue | undefined {
    const value = this.#values.get(name);
    if (value === undefined && name !== '') {
      throw new UsageError(
        `Cannot count node "${node.name}" (${node.operator}): nothing before it gives its input "${name}".`,
      );
    }
    return value;
  }
}

function inputSizes(name: string, shape: readonly (number | null)[], given: Shape | undefined): Shape {
  if (given !== undefined) return given;
  const [batch, ...sizes] = shape;
  const known = sizes.filter((size) => size !== null);
  if (known.length < sizes.length || batch === undefined) {
    const text = shape.map((size) => size ?? '?').join(', ');
    throw new UsageError(
      `The model leaves sizes of its input "${name}" free: [${text}]. Say for which image it is to be counted.`,
    );
  }
  return [batch ?? 1, ...known];
}

function requireSizes(view: NodeView, shape: Shape): void {
  if (shape.some((size) => !Number.isInteger(size) || size < 0))
    throw view.error(`it would give [${shape.join(', ')}]`);
}
