/** @file Multiply-accumulates of `Einsum`. */
import type { Shape } from '../tensor/shape.js';

/**
 * The operands are multiplied from left to right, as ONNX Runtime does; after each product, what neither later operands
 * nor the output name is summed. A product that sums nothing is element by element and costs no multiply-accumulates; one
 * operand alone is only summed or rearranged.
 *
 * @param equation such as `bij,bjk->bik`; `...` stands for the axes that are not named
 */
export function einsumMacs(equation: string, shapes: readonly Shape[]): number {
  const [left = '', right] = equation.replaceAll(/\s/g, '').split('->');
  const terms = left.split(',').map((term, position) => labels(term, shapes[position]?.length ?? 0));
  const sizes = new Map<string, number>();
  for (const [position, term] of terms.entries()) {
    for (const [axis, label] of term.entries()) {
      sizes.set(label, Math.max(sizes.get(label) ?? 1, shapes[position]?.[axis] ?? 1));
    }
  }
  const free = [...sizes.keys()].filter((label) => label.startsWith('.'));
  const output =
    right === undefined
      ? [...free, ...namedOnce(terms)]
      : [...(right.includes('...') ? free : []), ...right.replace('...', '')];
  let macs = 0;
  let [product = [], ...rest] = terms;
  for (const [position, term] of rest.entries()) {
    const needed = new Set([...output, ...rest.slice(position + 1).flat()]);
    const all = [...new Set([...product, ...term])];
    product = all.filter((label) => needed.has(label));
    if (product.length < all.length) macs += all.reduce((count, label) => count * (sizes.get(label) ?? 1), 1);
  }
  return macs;
}

/** The labels of an operand's axes. Those behind `...` are numbered from the last, as they broadcast. */
function labels(term: string, rank: number): string[] {
  const [before = '', after] = term.split('...');
  if (after === undefined) return [...before];
  const unnamed = rank - before.length - after.length;
  return [...before, ...Array.from({ length: unnamed }, (_, axis) => `.${unnamed - axis}`), ...after];
}

/** Without an output, the sum is over what is named more than once. */
function namedOnce(terms: readonly (readonly string[])[]): string[] {
  const all = terms.flat();
  return all.filter((label) => !label.startsWith('.') && all.indexOf(label) === all.lastIndexOf(label));
}
