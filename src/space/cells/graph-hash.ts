/** @file The fingerprint of a graph as NAS-Bench-101 takes it, byte for byte (Ying et al. 2019, graph_util.hash_module). */
import { md5 as digest } from '@noble/hashes/legacy.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ArchitectureGraph } from '../architecture-graph.js';

/**
 * Equal for isomorphic graphs, as long as each vertex lies on a path from input to output; in the benchmark no others
 * collide. Each vertex starts from its degrees and label, and takes in those of its neighbours as often as there are
 * vertices.
 * @param graph the benchmark's labels are −1 for the input, −2 for the output, 0 and more for operations.
 */
export function graphHash(graph: ArchitectureGraph): string {
  const outOf = graph.map((_, from) => [...graph.keys()].filter((to) => graph[to]?.inputs.includes(from)));
  // Texts are those that Python writes for tuples and lists.
  let hashes = graph.map(({ label, inputs }, vertex) => md5(`(${outOf[vertex]?.length}, ${inputs.length}, ${label})`));
  for (const _ of graph) {
    const known = hashes;
    const joined = (neighbours: readonly number[] = []) =>
      neighbours
        .map((vertex) => known[vertex])
        .sort()
        .join('');
    hashes = known.map((own, vertex) => md5(`${joined(graph[vertex]?.inputs)}|${joined(outOf[vertex])}|${own}`));
  }
  return md5(
    `[${hashes
      .sort()
      .map((hash) => `'${hash}'`)
      .join(', ')}]`,
  );
}

/** 32 hexadecimal digits. */
const md5 = (text: string): string => bytesToHex(digest(utf8ToBytes(text)));
