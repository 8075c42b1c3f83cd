/** @file What a model did in one run: the nodes in the order in which they ran, loops unrolled, with all shapes. */
import type { Shape } from '../tensor/shape.js';
import type { CountedNode, GraphConstant, ModelGraph, OnnxModel } from './graph.js';
import { bodiesOf, carriedCount, MARKS, tracedValues } from './traced-copy.js';

/** A value that was there during the run. */
export interface RunValue {
  readonly name: string;
  readonly shape: Shape;
  /** What gave it: a node, or the file where it is a constant; `undefined` for the model's inputs and counters of loops. */
  readonly origin: RunStep | GraphConstant | undefined;
}

/** One run of one node. */
export interface RunStep {
  readonly node: CountedNode;
  /** `undefined` for an optional one left out. */
  readonly inputs: readonly (RunValue | undefined)[];
  /** `undefined` for those that are not asked for. */
  readonly outputs: readonly (RunValue | undefined)[];
}

export interface UnrolledRun {
  readonly inputs: readonly RunValue[];
  readonly steps: readonly RunStep[];
  readonly outputs: readonly RunValue[];
}

/** Lists of tensors have none: their tensors were counted where they came from. */
const NO_SHAPE: Shape = [0];

/** Reads the trace that a model's traced copy gave for inputs of the given shapes. */
export function unrolledRun(model: OnnxModel, shapes: ReadonlyMap<string, Shape>, trace: Int32Array): UnrolledRun {
  const inputs = model.inputs.map(({ name }) => ({ name, shape: shapes.get(name) ?? [], origin: undefined }));
  const run = new Unrolling(trace);
  const scope = new Scope(undefined, model);
  for (const input of inputs) scope.set(input.name, input);
  run.graph(model, scope);
  return { inputs, steps: run.steps, outputs: model.outputs.flatMap((name) => scope.get(name) ?? []) };
}

export const isConstant = (origin: RunValue['origin']): origin is GraphConstant =>
  origin !== undefined && 'dataType' in origin;

/** The step that gave a value, if one did. */
export const stepOf = ({ origin }: RunValue): RunStep | undefined =>
  origin === undefined || isConstant(origin) ? undefined : origin;

/** What names mean in a graph: its own values, and those of the graphs around it. */
class Scope {
  readonly #values = new Map<string, RunValue>();

  constructor(
    readonly around: Scope | undefined,
    { constants }: ModelGraph,
  ) {
    for (const [name, constant] of constants) this.set(name, { name, shape: constant.shape, origin: constant });
  }

  get(name: string): RunValue | undefined {
    return this.#values.get(name) ?? this.around?.get(name);
  }

  /** The graph's own value of that name. */
  own(name: string): RunValue | undefined {
    return this.#values.get(name);
  }

  set(name: string, value: RunValue | undefined): void {
    if (name !== '' && value !== undefined) this.#values.set(name, value);
  }
}

class Unrolling {
  readonly steps: RunStep[] = [];
  readonly #trace: Int32Array;
  #at = 0;

  constructor(trace: Int32Array) {
    this.#trace = trace;
  }

  graph(graph: ModelGraph, scope: Scope): void {
    for (const node of graph.nodes) {
      const inputs = node.inputs.map((name) => scope.get(name));
      if (node.operator === 'If') this.#branch(node, graph, scope);
      else if (node.bodies.size > 0) this.#loop(node, inputs, graph, scope);
      else this.#step(node, inputs, node.outputs, this.#shapes(node.outputs, graph), scope);
    }
  }

  /** The outputs of the branch that ran are those of the node. */
  #branch(node: CountedNode, graph: ModelGraph, scope: Scope): void {
    const mark = this.#take();
    const body = bodiesOf(node).find((each) => MARKS[each.mark] === mark)?.body;
    if (body === undefined) throw new RangeError(`${node.name} ran no branch`);
    const inner = new Scope(scope, body);
    this.graph(body, inner);
    this.#shapes(node.outputs, graph);
    for (const [position, name] of node.outputs.entries()) scope.set(name, inner.get(body.outputs[position] ?? ''));
  }

  #loop(node: CountedNode, inputs: RunStep['inputs'], graph: ModelGraph, scope: Scope): void {
    const body = node.bodies.get('body');
    if (body === undefined) throw new RangeError(`${node.name} has no body`);
    const isLoop = node.operator === 'Loop';
    const carried = carriedCount(node);
    const names = body.inputs.map(({ name }) => name);
    // A loop's body begins with a counter and a condition, and gives the next condition first.
    const [extraInputs, extraOutputs] = isLoop ? [2, 1] : [0, 0];
    const first = new Scope(scope, body);
    let state = inputs.slice(extraInputs).slice(0, carried);
    // A constant that a loop begins with is told from one that its body reads.
    for (const [place, value] of state.entries()) {
      const name = names[place + extraInputs] ?? '';
      if (value !== undefined && isConstant(value.origin))
        this.#step(node, [value], [name], new Map([[name, value.shape]]), first);
    }
    state = state.map((value, place) => first.own(names[place + extraInputs] ?? '') ?? value);
    const stacked: RunValue[][] = node.outputs.slice(carried).map(() => []);
    while (this.#take() === MARKS.iteration) {
      const inner = new Scope(scope, body);
      const shapes = this.#shapes(names, body);
      for (const [position, name] of names.entries()) {
        const place = position - extraInputs;
        if (place >= 0 && place < carried) inner.set(name, state[place]);
        else if (place < 0) inner.set(name, { name, shape: shapes.get(name) ?? [], origin: undefined });
        else this.#step(node, [inputs[position]], [name], shapes, inner);
      }
      this.graph(body, inner);
      const outputs = body.outputs.slice(extraOutputs).map((name) => inner.get(name));
      state = outputs.slice(0, carried);
      for (const [position, pieces] of stacked.entries()) {
        const piece = outputs[carried + position];
        if (piece !== undefined) pieces.push(piece);
      }
    }
    const shapes = this.#shapes(node.outputs, graph);
    for (const [position, name] of node.outputs.entries()) {
      if (position < carried) scope.set(name, state[position]);
      else this.#step(node, stacked[position - carried] ?? [], [name], shapes, scope);
    }
  }

  #step(
    node: CountedNode,
    inputs: RunStep['inputs'],
    names: readonly string[],
    shapes: ReadonlyMap<string, Shape>,
    scope: Scope,
  ): void {
    const outputs: (RunValue | undefined)[] = [];
    const step = { node, inputs, outputs };
    for (const name of names) {
      outputs.push(name === '' ? undefined : { name, shape: shapes.get(name) ?? NO_SHAPE, origin: step });
      scope.set(name, outputs.at(-1));
    }
    this.steps.push(step);
  }

  /** The shapes that come next in the trace. */
  #shapes(names: readonly string[], graph: ModelGraph): Map<string, Shape> {
    const shapes = new Map<string, Shape>();
    for (const name of tracedValues(names, graph)) {
      const rank = this.#take();
      shapes.set(name, [...this.#trace.subarray(this.#at, this.#at + rank)]);
      this.#at += rank;
    }
    return shapes;
  }

  #take(): number {
    return this.#trace[this.#at++] ?? MARKS.end;
  }
}
