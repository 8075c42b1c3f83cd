/** @file Fusion of emitted nodes: a blocked convolution applies the ReLU that alone reads it. */
import { BLOCKED_DOMAIN } from './lowering.js';
import type { OnnxNode } from './onnx.js';

/** The same graph with fewer passes over memory. ONNX Runtime itself does this for standard convolutions only. */
export function fuseActivations(nodes: readonly OnnxNode[]): OnnxNode[] {
  const readers = new Map<string, number>();
  for (const node of nodes) for (const name of node.inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  const activations = new Map<string, OnnxNode>();
  for (const node of nodes) {
    const [input = ''] = node.inputs;
    if (node.operator === 'Relu' && readers.get(input) === 1) activations.set(input, node);
  }
  const fused = new Set<OnnxNode>();
  const result: OnnxNode[] = [];
  for (const node of nodes) {
    const activation = activations.get(node.outputs[0] ?? '');
    if (node.domain === BLOCKED_DOMAIN && node.operator === 'Conv' && activation !== undefined) {
      fused.add(activation);
      result.push({ ...node, outputs: activation.outputs, attributes: { ...node.attributes, activation: 'Relu' } });
    } else if (!fused.has(node)) {
      result.push(node);
    }
  }
  return result;
}
