/** @file What counting knows of an ONNX operator, and of a node as the rules see it. */
import { messageOf, UsageError } from '../../error.js';
import { broadcastShapes, type Shape, showShape } from '../../tensor/shape.js';
import type { MemoryUse } from '../layer-kind.js';
import type { OnnxNode, OnnxTensor } from './model.js';

/** The result of a node, an input or a constant. */
export interface CountedValue {
  readonly shape: Shape;
  /** Does not depend on the model's inputs. */
  readonly isConstant: boolean;
  /** Is the model's input, or only rescaled from it. */
  readonly isRaw: boolean;
  /** The numbers, where they are known: shapes, axes, scales. */
  readonly values: readonly number[] | undefined;
  /** The constant that this is a rearrangement or repetition of, so that shared weights count once. */
  readonly origin: string;
}

/** How to count an operator. */
export interface OperatorRule {
  /** Shapes of the outputs. */
  shapes(node: NodeView): readonly Shape[];
  /** Numbers of the first output, where they follow from known ones. */
  values?(node: NodeView): readonly number[] | undefined;
  /** Positions of the inputs that hold parameters where they are constants. */
  readonly parameters?: readonly number[];
  /** Multiply-accumulates. */
  macs?(node: NodeView): number;
  /** Default `new`. */
  readonly memory?: MemoryUse;
  /** The output is the first input in another order, or repeated: the same parameters. */
  readonly rearranges?: boolean;
}

/** A node with what its inputs turned out to be. */
export class NodeView {
  constructor(
    readonly node: OnnxNode,
    readonly inputs: readonly (CountedValue | undefined)[],
  ) {}

  /** Shape of an input. Throws where it is left out. */
  shape(position: number): Shape {
    const input = this.inputs[position];
    if (input === undefined) throw this.error(`its input ${position} is missing`);
    return input.shape;
  }

  has(position: number): boolean {
    return this.inputs[position] !== undefined;
  }

  /** Numbers of an input that shapes depend on. Throws where they are not known. */
  values(position: number): readonly number[] {
    const values = this.inputs[position]?.values;
    if (values === undefined) throw this.error(`its input ${position} is not known before the model runs`);
    return values;
  }

  /** Numbers given as an attribute by older opsets and as an input by newer ones; `undefined` if neither is there. */
  list(attribute: string, position: number): readonly number[] | undefined {
    return this.integers(attribute) ?? (this.has(position) ? this.values(position) : undefined);
  }

  integer(attribute: string, fallback: number): number {
    const value = this.node.attributes.get(attribute);
    return typeof value === 'number' ? value : fallback;
  }

  integers(attribute: string): readonly number[] | undefined {
    const value = this.node.attributes.get(attribute);
    return isNumbers(value) ? value : undefined;
  }

  text(attribute: string, fallback: string): string {
    const value = this.node.attributes.get(attribute);
    return typeof value === 'string' ? value : fallback;
  }

  tensor(attribute: string): OnnxTensor | undefined {
    const value = this.node.attributes.get(attribute);
    return typeof value === 'object' && 'shape' in value ? value : undefined;
  }

  /** An axis counted from the front, given one that may be counted from the back. Throws where there is none. */
  axis(axis: number, rank: number): number {
    const normal = axis < 0 ? axis + rank : axis;
    if (!(normal >= 0 && normal < rank)) throw this.error(`there is no axis ${axis} among ${rank}`);
    return normal;
  }

  /** The shape that shapes broadcast to. Throws where they do not. */
  broadcast(...shapes: readonly Shape[]): Shape {
    try {
      return shapes.reduce(broadcastShapes);
    } catch (error) {
      throw this.error(messageOf(error));
    }
  }

  /** Throws unless the input has as many channels, or columns, as the weights are for. */
  requireFit(has: number, takes: number): void {
    if (has !== takes) throw this.error(`its weights are for ${takes} channels, but its input has ${has}`);
  }

  error(message: string): UsageError {
    const shapes = this.inputs.map((input) => (input ? showShape(input.shape) : 'nothing')).join(', ');
    return new UsageError(`Cannot count node "${this.node.name}" (${this.node.operator} of ${shapes}): ${message}.`);
  }
}

const isNumbers = (value: unknown): value is readonly number[] => Array.isArray(value);
