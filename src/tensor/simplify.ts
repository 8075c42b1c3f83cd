/** @file Common-subexpression elimination; what no output needs is never visited, and so is gone. */
import { type Attribute, type Tensor, topologicalOrder } from './tensor.js';

/** The same outputs, made of a graph in which equal applications of an operator are one tensor. */
export function mergeEqualTensors(outputs: readonly Tensor[]): Tensor[] {
  const merged = new Map<Tensor, Tensor>();
  const identity = new Map<Tensor, number>();
  const byKey = new Map<string, Tensor>();
  const replacement = (tensor: Tensor): Tensor => merged.get(tensor) ?? tensor;
  for (const tensor of topologicalOrder(outputs)) {
    const inputs = tensor.inputs.map(replacement);
    const key = `${tensor.operator}(${inputs.map((input) => identity.get(input)).join()})${attributesKey(tensor)}`;
    let kept = byKey.get(key);
    if (kept === undefined) {
      kept = inputs.every((input, position) => input === tensor.inputs[position]) ? tensor : tensor.withInputs(inputs);
      identity.set(kept, byKey.size);
      byKey.set(key, kept);
    }
    merged.set(tensor, kept);
  }
  return outputs.map(replacement);
}

const attributesKey = (tensor: Tensor): string =>
  Object.entries(tensor.attributes)
    .map(([name, value]) => `${name}=${attributeKey(value)}`)
    .join(';');

/** JSON would make one of -0 and 0, and of all numbers that are not finite. */
function attributeKey(value: Attribute): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return typeof value === 'object' && value !== null ? `[${value.map(attributeKey).join()}]` : JSON.stringify(value);
}
