/** @file ONNX operators that make, move or measure tensors. */
import { elementCount, type Shape } from '../../tensor/shape.js';
import type { NodeView, OperatorRule } from './rule.js';

const identity: OperatorRule = {
  memory: 'view',
  rearranges: true,
  shapes: (node) => [node.shape(0), node.shape(0)],
  values: (node) => node.inputs[0]?.values,
};

const reshape: OperatorRule = {
  memory: 'view',
  rearranges: true,
  shapes(node) {
    const from = node.shape(0);
    const sizes = (node.list('shape', 1) ?? []).map((size, axis) => (size === 0 ? (from[axis] ?? 0) : size));
    const known = sizes.reduce((product, size) => (size < 0 ? product : product * size), 1);
    return [sizes.map((size) => (size < 0 ? elementCount(from) / known : size))];
  },
  values: (node) => node.inputs[0]?.values,
};

const flatten: OperatorRule = {
  memory: 'view',
  rearranges: true,
  shapes(node) {
    const shape = node.shape(0);
    const axis = node.axis(node.integer('axis', 1), shape.length);
    return [[elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))]];
  },
};

const squeeze: OperatorRule = {
  memory: 'view',
  rearranges: true,
  shapes(node) {
    const shape = node.shape(0);
    const axes = node.list('axes', 1)?.map((axis) => node.axis(axis, shape.length));
    return [shape.filter((size, axis) => (axes ? !axes.includes(axis) : size !== 1))];
  },
  values: (node) => node.inputs[0]?.values,
};

const unsqueeze: OperatorRule = {
  memory: 'view',
  rearranges: true,
  shapes(node) {
    const shape = [...node.shape(0)];
    const axes = node.list('axes', 1) ?? [];
    const rank = shape.length + axes.length;
    for (const axis of axes.map((each) => node.axis(each, rank)).sort((a, b) => a - b)) shape.splice(axis, 0, 1);
    return [shape];
  },
  values: (node) => node.inputs[0]?.values,
};

/** Numbers of a tensor of shape `to`: `source` says from which position of `from` each position takes its number. */
function rearranged(
  values: readonly number[],
  from: Shape,
  to: Shape,
  source: (position: readonly number[]) => readonly number[],
): number[] {
  return Array.from({ length: elementCount(to) }, (_, index) => {
    let rest = index;
    const position = to.map((__, axis) => {
      const below = elementCount(to.slice(axis + 1));
      const along = Math.floor(rest / below);
      rest %= below;
      return along;
    });
    const taken = source(position).reduce((offset, along, axis) => offset * (from[axis] ?? 1) + along, 0);
    return values[taken] ?? 0;
  });
}

/** The axis of the input that each axis of the output was. */
const permutation = (node: NodeView): readonly number[] => node.integers('perm') ?? [...node.shape(0).keys()].reverse();

const transposedShape = (node: NodeView): Shape => permutation(node).map((axis) => node.shape(0)[axis] ?? 1);

const transpose: OperatorRule = {
  rearranges: true,
  shapes: (node) => [transposedShape(node)],
  values(node) {
    const values = node.inputs[0]?.values;
    const axes = permutation(node);
    if (values === undefined) return undefined;
    return rearranged(values, node.shape(0), transposedShape(node), (position) =>
      axes.map((_, axis) => position[axes.indexOf(axis)] ?? 0),
    );
  },
};

const concat: OperatorRule = {
  shapes(node) {
    const shape = [...node.shape(0)];
    const axis = node.axis(node.integer('axis', 0), shape.length);
    shape[axis] = node.inputs.reduce((sum, _, position) => sum + (node.shape(position)[axis] ?? 0), 0);
    return [shape];
  },
  values(node) {
    const parts = node.inputs.map((input) => input?.values);
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  },
};

/** For each axis of the first input: where the slice starts and ends, and its step. */
function sliceBounds(node: NodeView): { start: number; end: number; step: number }[] {
  const shape = node.shape(0);
  const starts = node.list('starts', 1) ?? [];
  const ends = node.list('ends', 2) ?? [];
  const axes = node.list('axes', 3) ?? starts.map((_, axis) => axis);
  const steps = node.has(4) ? node.values(4) : starts.map(() => 1);
  const bounds = shape.map((size) => ({ start: 0, end: size, step: 1 }));
  for (const [position, each] of axes.entries()) {
    const axis = node.axis(each, shape.length);
    const size = shape[axis] ?? 0;
    const step = steps[position] ?? 1;
    const clamp = (value: number): number => {
      const index = value < 0 ? value + size : value;
      return step > 0 ? Math.min(Math.max(index, 0), size) : Math.min(Math.max(index, -1), size - 1);
    };
    bounds[axis] = { start: clamp(starts[position] ?? 0), end: clamp(ends[position] ?? size), step };
  }
  return bounds;
}

const slicedShape = (node: NodeView): Shape =>
  sliceBounds(node).map(({ start, end, step }) => Math.max(0, Math.ceil((end - start) / step)));

const slice: OperatorRule = {
  shapes: (node) => [slicedShape(node)],
  values(node) {
    const values = node.inputs[0]?.values;
    if (values === undefined) return undefined;
    const bounds = sliceBounds(node);
    return rearranged(values, node.shape(0), slicedShape(node), (position) =>
      bounds.map(({ start, step }, axis) => start + (position[axis] ?? 0) * step),
    );
  },
};

const split: OperatorRule = {
  shapes(node) {
    const shape = node.shape(0);
    const axis = node.axis(node.integer('axis', 0), shape.length);
    const size = shape[axis] ?? 0;
    const count = node.node.outputs.length;
    const chunk = Math.ceil(size / count);
    const parts =
      node.list('split', 1) ?? Array.from({ length: count }, (_, part) => Math.min(chunk, size - part * chunk));
    return parts.map((part) => shape.map((other, position) => (position === axis ? part : other)));
  },
};

const pad: OperatorRule = {
  shapes(node) {
    const shape = node.shape(0);
    const pads = node.list('pads', 1) ?? [];
    const axes = node.has(3) ? node.values(3) : shape.map((_, axis) => axis);
    const padded = [...shape];
    for (const [position, each] of axes.entries()) {
      const axis = node.axis(each, shape.length);
      padded[axis] = (shape[axis] ?? 0) + (pads[position] ?? 0) + (pads[position + axes.length] ?? 0);
    }
    return [padded];
  },
};

const gather: OperatorRule = {
  shapes(node) {
    const shape = node.shape(0);
    const axis = node.axis(node.integer('axis', 0), shape.length);
    return [[...shape.slice(0, axis), ...node.shape(1), ...shape.slice(axis + 1)]];
  },
  values(node) {
    const [from, indices] = [node.inputs[0]?.values, node.inputs[1]?.values];
    if (from === undefined || indices === undefined || node.shape(0).length !== 1) return undefined;
    return indices.map((index) => from[index < 0 ? index + from.length : index] ?? 0);
  },
};

const expand: OperatorRule = {
  rearranges: true,
  shapes(node) {
    const from = node.shape(0);
    const to = node.values(1);
    const rank = Math.max(from.length, to.length);
    return [
      Array.from({ length: rank }, (_, axis) =>
        Math.max(from[axis - rank + from.length] ?? 1, to[axis - rank + to.length] ?? 1),
      ),
    ];
  },
};

const resize: OperatorRule = {
  shapes(node) {
    const shape = node.shape(0);
    const sizes = node.has(3) ? node.values(3) : undefined;
    if (sizes?.length) return [sizes];
    // Scales are the third input of Resize from opset 11 on, and the second before and in Upsample.
    const scales = node.list('scales', node.has(2) ? 2 : 1) ?? [];
    return [shape.map((size, axis) => Math.floor(size * (scales[axis] ?? 1)))];
  },
};

const depthToSpace: OperatorRule = {
  shapes(node) {
    const [batch = 1, channels = 1, height = 1, width = 1] = node.shape(0);
    const block = node.integer('blocksize', 1);
    return [[batch, channels / block ** 2, height * block, width * block]];
  },
};

const spaceToDepth: OperatorRule = {
  shapes(node) {
    const [batch = 1, channels = 1, height = 1, width = 1] = node.shape(0);
    const block = node.integer('blocksize', 1);
    return [[batch, channels * block ** 2, height / block, width / block]];
  },
};

const shapeOperator: OperatorRule = {
  shapes: (node) => [[node.shape(0).length]],
  values: (node) => node.shape(0),
};

const constant: OperatorRule = {
  shapes(node) {
    const list = node.integers('value_ints') ?? node.integers('value_floats');
    return [node.tensor('value')?.shape ?? (list ? [list.length] : [])];
  },
  values: (node) =>
    node.tensor('value')?.values ??
    node.integers('value_ints') ??
    node.integers('value_floats') ?? [node.integer('value_int', node.integer('value_float', 0))],
};

const constantOfShape: OperatorRule = {
  shapes: (node) => [node.values(0)],
  values(node) {
    const count = elementCount(node.values(0));
    return count > 64 ? undefined : new Array<number>(count).fill(node.tensor('value')?.values?.[0] ?? 0);
  },
};

const arg: OperatorRule = {
  shapes(node) {
    const shape: Shape = node.shape(0);
    const axis = node.axis(node.integer('axis', 0), shape.length);
    const kept = node.integer('keepdims', 1) === 1;
    return [
      kept
        ? shape.map((size, position) => (position === axis ? 1 : size))
        : shape.filter((_, position) => position !== axis),
    ];
  },
};

export const shapingRules: ReadonlyMap<string, OperatorRule> = new Map([
  ['Identity', identity],
  ['Dropout', identity],
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Transpose', transpose],
  ['Concat', concat],
  ['Slice', slice],
  ['Split', split],
  ['Pad', pad],
  ['Gather', gather],
  ['Expand', expand],
  ['Resize', resize],
  ['Upsample', resize],
  ['DepthToSpace', depthToSpace],
  ['SpaceToDepth', spaceToDepth],
  ['Shape', shapeOperator],
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['ArgMax', arg],
  ['ArgMin', arg],
]);
