/** @file A function of architectures that remembers its values. */
import type { Json } from '../json.js';

/** Values that are remembered; then all are forgotten. */
const ENTRIES = 50_000;

/** The function, which is not called again for an architecture while its value is remembered. */
export function memoised<A extends Json, V>(compute: (architecture: A) => V): (architecture: A) => V {
  const values = new Map<string, { readonly value: V }>();
  return (architecture) => {
    const key = JSON.stringify(architecture);
    const known = values.get(key);
    if (known !== undefined) return known.value;
    const value = compute(architecture);
    if (values.size >= ENTRIES) values.clear();
    values.set(key, { value });
    return value;
  };
}
