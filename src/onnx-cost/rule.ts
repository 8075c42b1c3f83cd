/** @file What counting knows of an ONNX operator, and of one run of a node as the rules see it. */

import type { MemoryUse } from '../nn/layer-kind.js';
import { elementCount, type Shape } from '../tensor/shape.js';
import type { RunStep } from './unrolled-run.js';

/** How to count an operator. */
export interface OperatorRule {
  /** Multiply-accumulates; none where it is left out. */
  macs?(step: StepView): number;
  /** Positions of the inputs that are weights, biases, scales, shifts, slopes or tables where they are constants. */
  readonly weights?: readonly number[];
  /**
   * Positions of the inputs that may be weights where they are constants: they are where the rest of the model is trained
   * around them, and are not where they only prepare its input or interpret its output.
   */
  readonly adjusts?: readonly number[];
  /** Positions of the inputs whose content goes on into the output. All where it is left out. */
  readonly content?: readonly number[];
  /** Its weights only rescale: they are none where they do so to the model's input. */
  readonly rescales?: boolean;
  /** Position of the bias among the weights. */
  readonly bias?: number;
  /** Positions of the outputs that are scales of the first one: constants that they are multiplied by are scales as well. */
  readonly scales?: readonly number[];
  /** Default `new`. */
  readonly memory?: MemoryUse;
  /** Elements of a weight that the file packs closer than one to an element. */
  packed?(step: StepView): number;
}

/** One run of a node, with the shapes that it had. */
export class StepView {
  constructor(readonly step: RunStep) {}

  /** Of an input; `[]` where it is left out. */
  shape(position: number): Shape {
    return this.step.inputs[position]?.shape ?? [];
  }

  has(position: number): boolean {
    return this.step.inputs[position] !== undefined;
  }

  /** Of an output; `[]` where it is not asked for. */
  output(position = 0): Shape {
    return this.step.outputs[position]?.shape ?? [];
  }

  /** Elements of an input; 0 where it is left out. */
  elements(position: number): number {
    return this.has(position) ? elementCount(this.shape(position)) : 0;
  }

  integer(attribute: string, fallback: number): number {
    const value = this.step.node.attributes.get(attribute);
    return typeof value === 'number' ? value : fallback;
  }

  integers(attribute: string): readonly number[] | undefined {
    const value = this.step.node.attributes.get(attribute);
    return typeof value === 'object' ? value : undefined;
  }

  text(attribute: string): string {
    const value = this.step.node.attributes.get(attribute);
    return typeof value === 'string' ? value : '';
  }
}
