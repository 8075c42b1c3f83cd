/** @file A cell of NAS-Bench-101 as layers (Ying et al. 2019, section 2 and model_builder.build_module). */
import { convNorm } from '../../nn/blocks/index.js';
import type { Feature } from '../../nn/feature.js';
import { scope } from '../../nn/feature.js';
import { add, concat, sliceChannels } from '../../nn/layers/index.js';
import { type OperatorSet, operatorNamed } from './operator.js';

/** A vertex of a cell: what it does to the sum of its inputs. The output concatenates, and is the last vertex. */
export type CellVertex = {
  readonly operation: string;
  /** Earlier vertices in rising order; 0 is the input of the cell. */
  readonly inputs: readonly number[];
};

/**
 * Channels of each vertex, the input first. Those that lead to the output share its channels, the first of them one more
 * where they do not divide; each other one has as many as the largest that it leads to.
 */
export function vertexChannels(input: number, output: number, vertices: readonly CellVertex[]): number[] {
  const last = vertices.length;
  const shared = (vertices.at(-1)?.inputs ?? []).filter((vertex) => vertex > 0);
  const channels = [input, ...vertices.map(() => 0)];
  channels[last] = output;
  for (const [index, vertex] of shared.entries()) {
    channels[vertex] = Math.floor(output / shared.length) + (index < output % shared.length ? 1 : 0);
  }
  for (let vertex = last - 1; vertex > 0; vertex--) {
    if (shared.includes(vertex)) continue;
    const successors = vertices.flatMap(({ inputs }, index) =>
      inputs.includes(vertex) ? [channels[index + 1] ?? 0] : [],
    );
    channels[vertex] = Math.max(...successors);
  }
  return channels;
}

/**
 * Edges from the input of the cell are 1×1 projections; interior edges keep the first channels of what is wider. The
 * output concatenates its interior inputs; a projection of the cell's input is added to that.
 */
export function buildGraphCell(
  x: Feature,
  vertices: readonly CellVertex[],
  { channels: out, operators }: { readonly channels: number; readonly operators: OperatorSet },
): Feature {
  const channels = vertexChannels(x.shape[0] ?? 0, out, vertices);
  const project = (width: number) => convNorm(x, { name: 'projection', out: width, kernel: 1, activation: 'relu' });
  const features = [x];
  const featureOf = (vertex: number): Feature => {
    const feature = features[vertex];
    if (feature === undefined) throw new RangeError(`vertex ${vertex} comes later`);
    return feature;
  };
  const interior = vertices.slice(0, -1);
  for (const [index, { operation, inputs }] of interior.entries()) {
    const width = channels[index + 1] ?? 0;
    features.push(
      scope(x, `vertex${index + 1}`, () => {
        const terms = inputs.map((from) => (from === 0 ? project(width) : truncated(featureOf(from), width)));
        const sum = terms.length > 1 ? add(terms) : (terms[0] ?? x);
        return operatorNamed(operators, operation).build(sum, { channels: width, stride: 1 });
      }),
    );
  }
  return scope(x, 'output', () => {
    const inputs = vertices.at(-1)?.inputs ?? [];
    const joined = inputs.filter((from) => from > 0).map(featureOf);
    if (joined.length === 0) return project(out);
    const concatenated = joined.length > 1 ? concat(joined) : (joined[0] ?? x);
    return inputs.includes(0) ? add([concatenated, project(out)]) : concatenated;
  });
}

/** The first channels; where there are just as many, the feature itself. */
const truncated = (x: Feature, channels: number): Feature =>
  x.shape[0] === channels ? x : sliceChannels(x, 0, channels);
