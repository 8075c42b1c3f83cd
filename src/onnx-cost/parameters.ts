/** @file Which constants of a model are parameters: found out from what is done with them. */
import onnxProto from 'onnx-proto';
import { elementCount } from '../tensor/shape.js';
import type { CountedNode, GraphConstant } from './graph.js';
import { type OperatorRule, StepView } from './rule.js';
import { isConstant, type RunStep, type RunValue, stepOf, type UnrolledRun } from './unrolled-run.js';

/** A run, what is known of its operators, and which of its values depend on the model's inputs. */
export interface CountedRun {
  readonly run: UnrolledRun;
  ruleOf(step: RunStep): OperatorRule;
  dependsOnInput(value: RunValue): boolean;
}

/**
 * The parameters that each step is the first to read.
 *
 * - Constants at the place of weights, biases, scales, shifts and slopes are parameters, also where the file holds them
 *   in another form (transposed, quantised, in parts). Running means and variances are not.
 * - Constants that are added, multiplied, concatenated or looked up in are, with four exceptions: single numbers; whole
 *   numbers; what only prepares the model's input, such as its normalisation; and what comes after the last weights and
 *   so only interprets what they gave, such as anchors, a table of classes or the scale of the answer. A bias after the
 *   last product that has none of its own, and the scale and shift of such a product or of a norm, are parameters still.
 * - Each constant counts once.
 */
export function parametersOf(counted: CountedRun): ReadonlyMap<RunStep, number> {
  return new Parameters(counted).count();
}

class Parameters {
  readonly #counted: CountedRun;
  readonly #steps: readonly RunStep[];
  /** What is the model's input, only prepared, or a scale of quantisation. */
  readonly #raw: Set<RunValue>;
  /** What weights had a part in. */
  readonly #trained = new Set<RunValue>();
  /** What goes on into weights. */
  readonly #goesOn = new Set<RunValue>();
  readonly #seen = new Set<Weight['key']>();

  constructor(counted: CountedRun) {
    this.#counted = counted;
    this.#raw = new Set(counted.run.inputs);
    this.#steps = counted.run.steps.filter((step) => givenOf(step).some(counted.dependsOnInput));
    for (const step of this.#steps) this.#follow(step);
    for (const step of [...this.#steps].reverse()) {
      if (!this.#hasWeights(step) && !outputsOf(step).some((value) => this.#goesOn.has(value))) continue;
      for (const value of this.#content(step)) this.#goesOn.add(value);
    }
  }

  count(): Map<RunStep, number> {
    return new Map(this.#steps.map((step) => [step, this.#weightsOf(step) + this.#adjustmentsOf(step)]));
  }

  #follow(step: RunStep): void {
    const { scales = [], macs } = this.#counted.ruleOf(step);
    const hasWeights = this.#hasWeights(step);
    const isRaw = macs === undefined && !hasWeights && this.#preparesInput(step);
    for (const [position, value] of step.outputs.entries()) {
      if (value === undefined) continue;
      if (scales.includes(position) || isRaw) this.#raw.add(value);
      if (hasWeights || givenOf(step).some((each) => this.#trained.has(each))) this.#trained.add(value);
    }
  }

  #weightsOf(step: RunStep): number {
    if (!this.#hasWeights(step)) return 0;
    const { weights = [], packed } = this.#counted.ruleOf(step);
    let count = 0;
    for (const position of weights) {
      for (const weight of this.#weightsIn(step.inputs[position])) {
        if (!this.#isNew(weight)) continue;
        count += packed && position === weights[0] ? packed(new StepView(step)) : weight.elements;
      }
    }
    return count;
  }

  #adjustmentsOf(step: RunStep): number {
    const { adjusts = [] } = this.#counted.ruleOf(step);
    if (adjusts.length === 0 || !this.#isTrainedAround(step)) return 0;
    let count = 0;
    for (const position of adjusts) {
      for (const weight of this.#weightsIn(step.inputs[position])) {
        const isFilling = step.node.operator === 'Concat' && weight.isZero();
        if (!weight.isWeight || weight.elements < 2 || isFilling || !this.#isNew(weight)) continue;
        count += weight.elements;
      }
    }
    return count;
  }

  /** Whether training would change what the step adds, multiplies by, concatenates or looks up in. */
  #isTrainedAround(step: RunStep): boolean {
    const outputs = outputsOf(step);
    if (outputs.every((value) => this.#raw.has(value))) return false;
    if (outputs.some((value) => this.#goesOn.has(value))) return true;
    return !outputs.some((value) => this.#trained.has(value)) || this.#isOwnAffine(step);
  }

  /** Whether the step is the bias, the scale or the shift of a product without a bias, or of a norm. */
  #isOwnAffine(step: RunStep): boolean {
    const isShift =
      step.node.operator === 'Add' || step.node.operator === 'Sub' || step.node.operator.endsWith('QLinearAdd');
    const isScale = step.node.operator === 'Mul';
    let mayPassScale = isShift;
    let value = isShift || isScale ? this.#activation(step) : undefined;
    while (value !== undefined) {
      const maker = stepOf(value);
      if (maker === undefined) return false;
      const { macs, bias } = this.#counted.ruleOf(maker);
      if (macs) return bias === undefined || maker.inputs[bias] === undefined;
      if (this.#isNorm(maker)) return true;
      if (SCALINGS.has(maker.node.operator)) {
        if (!this.#isSingleScale(maker)) {
          if (!mayPassScale) return false;
          mayPassScale = false;
        }
        value = this.#activation(maker);
      } else {
        value = PASSED.has(maker.node.operator) ? maker.inputs[0] : undefined;
      }
    }
    return false;
  }

  /** The only input of a step that depends on the model's input and is no scale of quantisation. */
  #activation(step: RunStep): RunValue | undefined {
    const [first, ...others] = givenOf(step).filter(
      (each) => this.#counted.dependsOnInput(each) && !this.#raw.has(each),
    );
    return others.length === 0 ? first : undefined;
  }

  #isSingleScale(step: RunStep): boolean {
    return givenOf(step).every(
      (each) => each === this.#activation(step) || this.#raw.has(each) || elementCount(each.shape) === 1,
    );
  }

  /** x / √…, also as x · (1 / √…), is how norms are written out. */
  #isNorm(step: RunStep): boolean {
    const { operator } = step.node;
    if (NORMS.has(operator)) return true;
    const isRoot = (value: RunValue | undefined) => value !== undefined && stepOf(value)?.node.operator === 'Sqrt';
    if (operator === 'Div') return isRoot(step.inputs[1]);
    const inverts = (value: RunValue) => {
      const maker = stepOf(value);
      const isInverse = maker?.node.operator === 'Reciprocal' || maker?.node.operator === 'Div';
      return isInverse && isRoot(maker.inputs.at(-1));
    };
    return operator === 'Mul' && givenOf(step).some(inverts);
  }

  #hasWeights(step: RunStep): boolean {
    const { weights = [], rescales } = this.#counted.ruleOf(step);
    if (rescales && this.#preparesInput(step)) return false;
    return weights.some((position) => this.#weightsIn(step.inputs[position]).length > 0);
  }

  #content(step: RunStep): RunValue[] {
    const { content } = this.#counted.ruleOf(step);
    return content ? content.flatMap((position) => step.inputs[position] ?? []) : givenOf(step);
  }

  /** Whether nothing but the model's input, or what it was prepared to, and constants go into the step. */
  #preparesInput(step: RunStep): boolean {
    const [first, ...others] = this.#content(step).filter(this.#counted.dependsOnInput);
    return first !== undefined && [first, ...others].every((value) => this.#raw.has(value));
  }

  #isNew({ key }: Weight): boolean {
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  /** What a value that does not depend on the model's input holds of the file, and in what size. */
  #weightsIn(value: RunValue | undefined): readonly Weight[] {
    if (value === undefined || this.#counted.dependsOnInput(value)) return [];
    if (isConstant(value.origin)) return weightOf(value.origin);
    const step = stepOf(value);
    // What a loop begins with is no weight.
    if (step === undefined || step.node.bodies.size > 0) return [];
    const parts = this.#content(step).flatMap((each) => this.#weightsIn(each));
    if (step.node.operator.endsWith('DequantizeLinear')) return parts.map((part) => ({ ...part, isWeight: true }));
    if (step.node.operator === 'Concat' || parts.length < 2) return parts;
    // A product with a single number is what it was; of several weights one was made, as of a norm's scale and deviation.
    const [first, ...others] = parts.filter(({ elements }) => elements > 1);
    if (first !== undefined && others.length === 0) return [first];
    return [
      {
        key: step.node,
        elements: elementCount(value.shape),
        isWeight: parts.some(({ isWeight }) => isWeight),
        isZero: () => false,
      },
    ];
  }
}

/** Elements of the file that were trained, as far as their place says so. */
interface Weight {
  /** The constant, or the node that made one of several. */
  readonly key: GraphConstant | CountedNode;
  readonly elements: number;
  /** Whether it is of a type that weights have. */
  readonly isWeight: boolean;
  isZero(): boolean;
}

function weightOf(constant: GraphConstant): Weight[] {
  const { dataType, shape } = constant;
  if (NO_WEIGHTS.has(dataType)) return [];
  const isWeight = HOLD_WEIGHTS.has(dataType) || dataType > BFLOAT16;
  return [{ key: constant, elements: elementCount(shape), isWeight, isZero: () => constant.isZero() }];
}

const { BOOL, INT16, INT64, STRING, UINT16, UINT32, UINT64, FLOAT, FLOAT16, DOUBLE, BFLOAT16, INT8, UINT8 } =
  onnxProto.onnx.TensorProto.DataType;
/** Shapes, places, masks and names. The bias of a quantised product is of 32 bits. */
const NO_WEIGHTS: ReadonlySet<number> = new Set([BOOL, INT64, STRING, UINT32, UINT64]);
/** Later types than these, which `onnx-proto` does not name, are floats and whole numbers of 8 bits and fewer. */
const HOLD_WEIGHTS: ReadonlySet<number> = new Set([FLOAT, FLOAT16, DOUBLE, BFLOAT16, INT8, UINT8, INT16, UINT16]);

const NORMS = new Set(['InstanceNormalization', 'MeanVarianceNormalization', 'LpNormalization']);
const SCALINGS = new Set(['Mul', 'Div']);
/** What may stand between a product and its bias. */
const PASSED = new Set([
  'Cast',
  'DequantizeLinear',
  'Flatten',
  'Identity',
  'QuantizeLinear',
  'Reshape',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

const givenOf = ({ inputs }: RunStep): RunValue[] => inputs.filter((each) => each !== undefined);
const outputsOf = ({ outputs }: RunStep): RunValue[] => outputs.filter((each) => each !== undefined);
