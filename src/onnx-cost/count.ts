/** @file Counting any ONNX file: parameters, multiply-accumulates, peak activation memory. */
import type { Engine } from '../engine/engine.js';
import { UsageError } from '../error.js';
import { BYTES_PER_ELEMENT, type Cost, type LayerCost } from '../nn/cost.js';
import { type MemoryStep, type MemoryValue, peakActivationElements } from '../nn/peak-activation.js';
import { elementCount, type Shape } from '../tensor/shape.js';
import { costlessRules, MEASURES } from './costless.js';
import { type CountedNode, type ModelGraph, readOnnxModel } from './graph.js';
import { inputShapes } from './input-shapes.js';
import { refuseTooLarge } from './memory-bound.js';
import { type CountedRun, parametersOf } from './parameters.js';
import { productRules } from './products.js';
import { type OperatorRule, StepView } from './rule.js';
import { runTraced } from './runtime.js';
import { tracedCopy } from './traced-copy.js';
import { type RunStep, type RunValue, type UnrolledRun, unrolledRun } from './unrolled-run.js';

/** The cost of a model for one image. */
export interface OnnxCost extends Cost {
  /** Nodes that depend on the input, in the order in which they ran. What a loop ran several times stands there once, with the sum. */
  readonly layers: readonly LayerCost[];
}

/** How a model is counted. */
export interface CountOptions {
  /** Sizes of the model's image with the batch in front, for models that leave some free. */
  readonly inputShape?: Shape;
}

const rules: ReadonlyMap<string, OperatorRule> = new Map([...productRules, ...costlessRules]);

/**
 * Runs an ONNX model once on zeros and counts what ran by the conventions of `Network.cost`:
 *
 * - Parameters are the constants that are weights: see `parametersOf`. An exported network whose batch norms were folded
 *   counts its folded biases in place of scales and shifts.
 * - Multiply-accumulates are those of convolutions, matrix products, `Einsum`, recurrent layers and attention, quantised
 *   ones and those in the bodies of `If`, `Loop` and `Scan` included, for one image: where the input has a batch, its share.
 * - Peak activation memory follows `peakActivationElements` in the order of the nodes, four bytes an element whatever its
 *   type; x·f(x), as swish is mostly written, works in place like one activation.
 *
 * Sizes that the model leaves free count as 1, except those of images, which must be given.
 *
 * @throws {UsageError} where the bytes are no model, where it is not known what an operator costs (all are named), where
 * sizes of images are free and `inputShape` is not given, or does not fit, where ONNX Runtime cannot run the model, or
 * where a run would take more than 4 GiB
 */
export async function countOnnx(engine: Engine, bytes: Uint8Array, options: CountOptions = {}): Promise<OnnxCost> {
  const model = readOnnxModel(bytes);
  requireKnownOperators(model);
  const shapes = inputShapes(model.inputs, options.inputShape);
  await refuseTooLarge(engine, model, shapes);
  const run = unrolledRun(model, shapes, await runTraced(engine, tracedCopy(model, shapes)));
  return costOf(run);
}

function requireKnownOperators(model: ModelGraph): void {
  const unknown = [...new Set(nodesOf(model).map(({ operator }) => operator))]
    .filter((each) => !rules.has(each))
    .sort();
  if (unknown.length > 0) {
    throw new UsageError(`This model cannot be counted: it is not known what ${unknown.join(', ')} costs.`);
  }
}

const nodesOf = ({ nodes }: ModelGraph): readonly CountedNode[] =>
  nodes.flatMap((node) => [node, ...[...node.bodies.values()].flatMap(nodesOf)]);

function ruleOf({ node }: RunStep): OperatorRule {
  const rule = rules.get(node.operator);
  if (rule === undefined) throw new Error(`no rule for ${node.operator}`);
  return rule;
}

function costOf(run: UnrolledRun): OnnxCost {
  const dependent = new Set<RunValue>(run.inputs);
  const steps = run.steps.filter(({ node, inputs, outputs }) => {
    // The shape of an activation does not depend on its elements.
    if (MEASURES.has(node.operator) || !inputs.some((each) => each && dependent.has(each))) return false;
    for (const output of outputs) if (output) dependent.add(output);
    return true;
  });
  const counted: CountedRun = { run, ruleOf, dependsOnInput: (value) => dependent.has(value) };
  const batch = batchOf(run);
  const layers = layersOf(steps, parametersOf(counted), batch);
  return {
    params: layers.reduce((sum, { params }) => sum + params, 0),
    macs: layers.reduce((sum, { macs }) => sum + macs, 0),
    peakActivationBytes: (BYTES_PER_ELEMENT * peakElements(run, steps)) / batch,
    layers,
  };
}

/** How many samples the model's inputs hold: in front, except in sequences [steps, N, …] as recurrent layers read them. */
function batchOf({ inputs, steps }: UnrolledRun): number {
  const batched = inputs.find(({ shape }) => shape.length > 1);
  if (batched === undefined) return 1;
  const isSequence = steps.some(
    ({ node, inputs: [first] }) =>
      first === batched && SEQUENTIAL.has(node.operator) && (node.attributes.get('layout') ?? 0) === 0,
  );
  return Math.max(1, batched.shape[isSequence ? 1 : 0] ?? 1);
}

const SEQUENTIAL = new Set(['LSTM', 'GRU', 'RNN', 'com.microsoft.DynamicQuantizeLSTM']);

function layersOf(steps: readonly RunStep[], parameters: ReadonlyMap<RunStep, number>, batch: number): LayerCost[] {
  const layers = new Map<CountedNode, LayerCost>();
  for (const step of steps) {
    const { node, outputs } = step;
    const before = layers.get(node);
    layers.set(node, {
      name: node.name,
      operator: node.operator,
      outputShape: (outputs[0]?.shape ?? []).slice(1),
      params: (before?.params ?? 0) + (parameters.get(step) ?? 0),
      macs: (before?.macs ?? 0) + (ruleOf(step).macs?.(new StepView(step)) ?? 0) / batch,
    });
  }
  return [...layers.values()];
}

function peakElements({ inputs, outputs }: UnrolledRun, steps: readonly RunStep[]): number {
  const values = new Map<RunValue, MemoryValue>();
  const remember = (value: RunValue): MemoryValue => {
    const memory = { index: values.size, elements: elementCount(value.shape) };
    values.set(value, memory);
    return memory;
  };
  const images = inputs.map(remember);
  const isFused = fusedGates(steps, outputs);
  const memorySteps = steps.flatMap((step): MemoryStep[] => {
    const read = step.inputs.flatMap((input) => (input && values.get(input)) ?? []);
    const memory = isFused(step) ? 'view' : (ruleOf(step).memory ?? 'new');
    return step.outputs.flatMap((output) => (output ? [{ ...remember(output), inputs: read, memory }] : []));
  });
  const kept = outputs.flatMap((output) => values.get(output) ?? []);
  return peakActivationElements({ images, steps: memorySteps, outputs: kept, values: values.size });
}

/** Tells whether a step is the f(x) of x·f(x) and nothing else reads it. */
function fusedGates(steps: readonly RunStep[], outputs: readonly RunValue[]): (step: RunStep) => boolean {
  const readers = new Map<RunValue, (RunStep | undefined)[]>(outputs.map((output) => [output, [undefined]]));
  for (const step of steps) {
    for (const input of step.inputs) {
      if (input === undefined) continue;
      const list = readers.get(input);
      if (list) list.push(step);
      else readers.set(input, [step]);
    }
  }
  return (step) => {
    const [[input], [output]] = [step.inputs, step.outputs];
    if (ruleOf(step).memory !== 'in-place' || input === undefined || output === undefined) return false;
    const [reader, ...others] = readers.get(output) ?? [];
    return others.length === 0 && reader?.node.operator === 'Mul' && reader.inputs.includes(input);
  };
}
