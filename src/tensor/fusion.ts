/** @file Fusion of emitted nodes: a blocked convolution adds what its result alone is added to, and applies the ReLU after it. */
import { BLOCKED_DOMAIN } from './layout.js';
import type { OnnxNode } from './onnx.js';

/**
 * The same graph with fewer passes over memory. ONNX Runtime itself does this for standard convolutions only.
 *
 * @param isBlocked whether a value lies in blocked layout, so that two of them that are added have one shape
 */
export function fuseIntoConvolutions(nodes: readonly OnnxNode[], isBlocked: (name: string) => boolean): OnnxNode[] {
  return fuse(fuse(nodes, sumOf(isBlocked)), activationOf);
}

/** The convolution that also does what `node` does with its output, or `null` where it cannot. */
type Fusion = (convolution: OnnxNode, node: OnnxNode) => OnnxNode | null;

/** The fourth input of a blocked convolution is added to its result. */
const sumOf =
  (isBlocked: (name: string) => boolean): Fusion =>
  (convolution, { operator, inputs, outputs }) => {
    if (operator !== 'Add' || convolution.inputs.length > 3 || !inputs.every(isBlocked)) return null;
    const [x = '', weight = '', bias = ''] = convolution.inputs;
    const others = inputs.filter((name) => name !== convolution.outputs[0]);
    return { ...convolution, inputs: [x, weight, bias, ...others], outputs };
  };

const activationOf: Fusion = (convolution, { operator, outputs }) =>
  operator === 'Relu'
    ? { ...convolution, outputs, attributes: { ...convolution.attributes, activation: 'Relu' } }
    : null;

/** Puts the fused convolution in the place of the node that alone reads the convolution's result. */
function fuse(nodes: readonly OnnxNode[], fusion: Fusion): OnnxNode[] {
  const readers = new Map<string, number>();
  for (const node of nodes) for (const name of node.inputs) readers.set(name, (readers.get(name) ?? 0) + 1);
  const convolutions = new Map<string, OnnxNode>();
  const replaced = new Set<OnnxNode>();
  const result = nodes.map((node) => {
    const [output = ''] = node.outputs;
    if (node.domain === BLOCKED_DOMAIN && node.operator === 'Conv' && readers.get(output) === 1) {
      convolutions.set(output, node);
    }
    for (const input of node.inputs) {
      const convolution = convolutions.get(input);
      const fused = convolution === undefined ? null : fusion(convolution, node);
      if (convolution === undefined || fused === null) continue;
      replaced.add(convolution);
      return fused;
    }
    return node;
  });
  return result.filter((node) => !replaced.has(node));
}
