/** @file A copy of a model that runs on zeros and gives, in place of its outputs, the shapes of all its values. */
import onnxProto, { type onnx as Proto } from 'onnx-proto';
import { elementCount, type Shape } from '../tensor/shape.js';
import { elementBytes } from './element-bytes.js';
import type { CountedNode, ModelGraph, OnnxModel } from './graph.js';

const { ModelProto, TensorProto, AttributeProto } = onnxProto.onnx;
const { INT32, INT64 } = TensorProto.DataType;

/** The copy's only output: an int32 vector. */
export const TRACE = 'nasturtium.trace';

/**
 * What stands in a trace where a graph within a node begins or a loop has ended. Ranks, which are never negative, begin
 * the shapes of values.
 */
export const MARKS = { iteration: -1, end: -2, thenBranch: -3, elseBranch: -4 } as const;

type Mark = keyof typeof MARKS;

const PREFIX = 'nasturtium.';
const markName = (mark: Mark): string => `${PREFIX}${mark}`;
const NOTHING = `${PREFIX}nothing`;

/** The graphs that a node may run. */
export function bodiesOf(node: CountedNode): readonly { mark: Mark; body: ModelGraph }[] {
  const marks: Readonly<Record<string, Mark>> = {
    body: 'iteration',
    then_branch: 'thenBranch',
    else_branch: 'elseBranch',
  };
  return Object.entries(marks).flatMap(([name, mark]) => {
    const body = node.bodies.get(name);
    return body ? [{ mark, body }] : [];
  });
}

/** The values of a list whose shapes a trace tells, in its order. */
export const tracedValues = (names: readonly string[], { shapeless }: ModelGraph): readonly string[] =>
  names.filter((name) => name !== '' && !shapeless.has(name));

/** How many values a loop hands from one iteration to the next. */
export function carriedCount({ operator, inputs, attributes }: CountedNode): number {
  const others = operator === 'Loop' ? 2 : Number(attributes.get('num_scan_inputs') ?? 0);
  return Math.max(0, inputs.length - others);
}

/**
 * The copy. Its inputs are zeros of the given shapes. Shapes and not the values themselves are its output: so a run holds
 * no more memory than one of the model does, and values may be of any type. Marks and, for each value, its rank and its
 * sizes form one vector; graphs within nodes hand theirs out, loops from one iteration to the next.
 */
export function tracedCopy(model: OnnxModel, inputs: ReadonlyMap<string, Shape>): Uint8Array {
  const copy = new Copy();
  const { nodes, parts } = copy.trace(model, []);
  const zeros = model.inputs.map(({ name, dataType }) => zeroTensor(name, dataType, inputs.get(name) ?? []));
  return ModelProto.encode({
    ...model.model,
    opsetImport: withStandardOperators(model.model.opsetImport ?? []),
    graph: {
      ...model.proto,
      node: [
        ...nodes,
        { opType: 'Concat', input: parts, output: [`${TRACE}.long`], attribute: [integer('axis', 0)] },
        { opType: 'Cast', input: [`${TRACE}.long`], output: [TRACE], attribute: [integer('to', INT32)] },
      ],
      initializer: [
        ...(model.proto.initializer ?? []),
        ...zeros,
        ...Object.entries(MARKS).map(([mark, value]) => longs(`${PREFIX}${mark}`, [value])),
        longs(NOTHING, []),
      ],
      input: [],
      output: [vector(TRACE, INT32)],
      valueInfo: [],
    },
  }).finish();
}

interface Traced {
  readonly nodes: readonly Proto.INodeProto[];
  /** Names of the vectors that make up the graph's trace. */
  readonly parts: readonly string[];
}

class Copy {
  #names = 0;

  /** @param first values of the graph that no node gives */
  trace(graph: ModelGraph, first: readonly string[]): { nodes: Proto.INodeProto[]; parts: string[] } {
    const changed = new Map<Proto.INodeProto, Traced>();
    const parts: string[] = [];
    const shapes: Proto.INodeProto[][] = [];
    const measure = (names: readonly string[]) => {
      for (const name of tracedValues(names, graph)) {
        const shape = this.#name('shape');
        const rank = this.#name('rank');
        shapes.push([
          { opType: 'Shape', input: [name], output: [shape] },
          { opType: 'Shape', input: [shape], output: [rank] },
        ]);
        parts.push(rank, shape);
      }
    };
    measure(first);
    for (const node of graph.nodes) {
      if (node.bodies.size > 0) {
        const traced = node.operator === 'If' ? this.#branches(node) : this.#loop(node);
        changed.set(node.proto, traced);
        parts.push(...traced.parts);
      }
      measure(node.outputs);
    }
    // ONNX Runtime orders nodes by walking back from the outputs, to inputs of a high number first: written from the last to
    // the first, a shape is taken as soon as its value is there, and the value's memory is free for what comes after.
    const nodes = (graph.proto.node ?? []).flatMap((node) => changed.get(node)?.nodes ?? [node]);
    return { nodes: [...nodes, ...shapes.reverse().flat()], parts };
  }

  #branches(node: CountedNode): Traced {
    const output = this.#name('if');
    const attribute = (node.proto.attribute ?? []).map((each) => {
      const found = bodiesOf(node).find(({ body }) => body.proto === each.g);
      return found ? { ...each, g: this.#body(found.body, [], [markName(found.mark)], undefined) } : each;
    });
    return { nodes: [{ ...node.proto, attribute, output: [...node.outputs, output] }], parts: [output] };
  }

  #loop(node: CountedNode): Traced {
    const output = this.#name('loop');
    const isLoop = node.operator === 'Loop';
    const carried = carriedCount(node);
    const attribute = (node.proto.attribute ?? []).map((each) => {
      const found = bodiesOf(node).find(({ body }) => body.proto === each.g);
      if (found) {
        const { body, mark } = found;
        const inputs = body.inputs.map(({ name }) => name);
        return { ...each, g: this.#body(body, inputs, [markName(mark)], isLoop ? carried : undefined) };
      }
      const isPerOutput = each.name === 'scan_output_axes' || each.name === 'scan_output_directions';
      return isPerOutput ? { ...each, ints: [...(each.ints ?? []), 0] } : each;
    });
    if (isLoop) {
      const [count = '', condition = '', ...rest] = node.inputs;
      const finals = Array.from({ length: carried }, (_, position) => node.outputs[position] ?? '');
      const all = [...finals, output, ...node.outputs.slice(carried)];
      const changed = { ...node.proto, attribute, input: [count, condition, ...rest, NOTHING], output: all };
      return { nodes: [changed], parts: [output, markName('end')] };
    }
    // A scan stacks the traces of its iterations, which are of one length.
    const flat = this.#name('scan');
    const given = [...node.outputs];
    const body = node.bodies.get('body');
    while (given.length < (body?.outputs.length ?? 0)) given.push(this.#name('unread'));
    return {
      nodes: [
        { ...node.proto, attribute, output: [...given, output] },
        { opType: 'Reshape', input: [output, markName('iteration')], output: [flat] },
      ],
      parts: [flat, markName('end')],
    };
  }

  /** A body with its trace as one more output: the last, or one handed on, where it is after so many others. */
  #body(body: ModelGraph, first: readonly string[], begin: readonly string[], carried: number | undefined) {
    const { nodes, parts } = this.trace(body, first);
    const [before, after] = [this.#name('before'), this.#name('after')];
    const handed = carried === undefined ? [] : [before];
    const output = [...(body.proto.output ?? [])];
    output.splice(carried === undefined ? output.length : carried + 1, 0, vector(after, INT64));
    return {
      ...body.proto,
      node: [
        ...nodes,
        { opType: 'Concat', input: [...handed, ...begin, ...parts], output: [after], attribute: [integer('axis', 0)] },
      ],
      input: [...(body.proto.input ?? []), ...handed.map((name) => vector(name, INT64))],
      output,
      valueInfo: [],
    };
  }

  #name(kind: string): string {
    return `${PREFIX}${kind}${this.#names++}`;
  }
}

const { AttributeType } = AttributeProto;
const integer = (name: string, i: number): Proto.IAttributeProto => ({ name, type: AttributeType.INT, i });

const vector = (name: string, elemType: number): Proto.IValueInfoProto => ({
  name,
  type: { tensorType: { elemType, shape: { dim: [{}] } } },
});

const longs = (name: string, values: readonly number[]): Proto.ITensorProto => ({
  name,
  dims: [values.length],
  dataType: INT64,
  rawData: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});

function zeroTensor(name: string, dataType: number, shape: Shape): Proto.ITensorProto {
  const bytes = Math.ceil(elementCount(shape) * elementBytes(dataType));
  return { name, dims: [...shape], dataType, rawData: new Uint8Array(bytes) };
}

/** Models of the runtime's own operators alone may not name the standard ones. */
function withStandardOperators(imports: readonly Proto.IOperatorSetIdProto[]): Proto.IOperatorSetIdProto[] {
  const has = imports.some(({ domain }) => !domain || domain === 'ai.onnx');
  return has ? [...imports] : [...imports, { domain: '', version: 13 }];
}
