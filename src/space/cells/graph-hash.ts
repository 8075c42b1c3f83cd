/** @file The fingerprint of a graph as NAS-Bench-101 takes it, byte for byte (Ying et al. 2019, graph_util.hash_module). */
import { createHash } from 'node:crypto';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/**
 * Equal for isomorphic graphs, as long as each vertex lies on a path from input to output; in the benchmark no others
 * collide. Each vertex starts from its degrees and label, and takes in those of its neighbours as often as there are
 * vertices.
 * @param matrix `matrix[from][to]` is 1 where there is an edge.
 * @param labels one a vertex: −1 for the input, −2 for the output, 0 and more for operations.
 */
export function graphHash(matrix: readonly (readonly number[])[], labels: readonly number[]): string {
  const vertices = labels.map((_, vertex) => vertex);
  const into = vertices.map((to) => vertices.filter((from) => matrix[from]?.[to] === 1));
  const outOf = vertices.map((from) => vertices.filter((to) => matrix[from]?.[to] === 1));
  // Texts are those that Python writes for tuples and lists.
  let hashes = labels.map((label, vertex) => md5(`(${outOf[vertex]?.length}, ${into[vertex]?.length}, ${label})`));
  for (const _ of vertices) {
    const known = hashes;
    const joined = (neighbours: readonly number[] = []) =>
      neighbours
        .map((vertex) => known[vertex])
        .sort()
        .join('');
    hashes = known.map((own, vertex) => md5(`${joined(into[vertex])}|${joined(outOf[vertex])}|${own}`));
  }
  return md5(
    `[${hashes
      .sort()
      .map((hash) => `'${hash}'`)
      .join(', ')}]`,
  );
}
