/** @file The state of a training, apart from the steps that change it: named arrays of a network, or of a supernet. */
import type { TrainedTensors } from '../nn/network.js';
import { layout, type NamedShape, type Weights } from '../nn/weights.js';
import type { Optimizer } from '../tensor/index.js';
import { elementCount, sameShape, showShape } from '../tensor/shape.js';
import { flatTensors, namedTensors } from './saved-weights.js';
import type { NamedTensor, TensorFile } from './tensor-file.js';

/** The numbers of a network as a step takes and gives them. */
export interface Flat {
  /** Updates so far. */
  readonly steps: number;
  /** `parameters`, `statistics`, `architecture`, and the optimiser's slots by their names. */
  readonly vectors: FlatVectors;
}

/** Each is the tensors of one group, one after the other. */
export type FlatVectors = { readonly [group: string]: Float32Array };

const weightGroups = ['parameters', 'statistics', 'architecture'];

/** What the tensors of a group are. The optimiser has in each slot one element a parameter. */
export const groupTensors = (group: string, tensors: TrainedTensors): readonly NamedShape[] =>
  group === 'statistics'
    ? tensors.statistics
    : group === 'architecture'
      ? tensors.architectureParameters
      : tensors.parameters;

/** Runs of elements that lie together in the state and in a part of it. */
interface Run {
  readonly at: number;
  readonly partAt: number;
  readonly length: number;
}

/**
 * All that a training changes, under the names of the network's tensors. A step takes the numbers of the network that it
 * trains ({@link select}) and gives them back ({@link absorb}). That network may be another than the state's: a path that was
 * sampled from a supernet finds its numbers there under its own names.
 */
export class TrainingState {
  readonly #tensors: TrainedTensors;
  readonly #vectors: Record<string, Float32Array>;
  readonly #runs = new WeakMap<TrainedTensors, Map<string, readonly Run[]>>();
  #steps: number;

  /** @throws {RangeError} where a vector does not have as many elements as the tensors of its group */
  constructor(tensors: TrainedTensors, { steps, vectors }: Flat) {
    this.#tensors = tensors;
    this.#vectors = {};
    for (const [group, vector] of Object.entries(vectors)) {
      const size = sizeOf(groupTensors(group, tensors));
      if (vector.length !== size) throw new RangeError(`${group} are ${size} elements, not ${vector.length}`);
      // The caller's arrays stay as they are, where later steps write into these.
      this.#vectors[group] = vector.slice();
    }
    this.#steps = steps;
  }

  /** Before the first step: these weights, architecture weights of 0, which make all options alike, and empty slots. */
  static start(tensors: TrainedTensors, weights: Weights, { slots }: Optimizer): TrainingState {
    const empty = (group: string) => [group, new Float32Array(sizeOf(groupTensors(group, tensors)))] as const;
    const { parameters, statistics } = weights;
    const vectors = { ...Object.fromEntries([...weightGroups, ...slots].map(empty)), parameters, statistics };
    return new TrainingState(tensors, { steps: 0, vectors });
  }

  /**
   * What {@link toTensors} gave, from a file that has them.
   *
   * @throws {RangeError} where the file lacks one, or has it in another shape
   */
  static fromTensors(tensors: TrainedTensors, file: TensorFile, steps: number, { slots }: Optimizer): TrainingState {
    const read = (group: string) => [group, flatTensors(file, groupTensors(group, tensors), `${group} `)] as const;
    return new TrainingState(tensors, { steps, vectors: Object.fromEntries([...weightGroups, ...slots].map(read)) });
  }

  /** All arrays, each named by its group and its tensor, such as `velocity block1.expand.weight`. */
  toTensors(): NamedTensor[] {
    return Object.entries(this.#vectors).flatMap(([group, vector]) =>
      namedTensors(groupTensors(group, this.#tensors), vector, `${group} `),
    );
  }

  /** Updates so far. */
  get steps(): number {
    return this.#steps;
  }

  /** The weights as they are now; later steps leave these arrays alone. */
  get weights(): Weights {
    const { parameters = new Float32Array(), statistics = new Float32Array() } = this.#vectors;
    return { parameters: parameters.slice(), statistics: statistics.slice() };
  }

  /**
   * The numbers of a network whose tensors the state has. They are to be read only, and only until the next `absorb`.
   *
   * @throws {RangeError} where the state has no tensor of a name, or one of another shape
   */
  select(part: TrainedTensors): Flat {
    const vectors = Object.entries(this.#vectors).map(([group, vector]) => {
      const runs = this.#runsOf(part, group);
      if (isWhole(runs, vector)) return [group, vector] as const;
      const selected = new Float32Array(sizeOf(groupTensors(group, part)));
      for (const { at, partAt, length } of runs) selected.set(vector.subarray(at, at + length), partAt);
      return [group, selected] as const;
    });
    return { steps: this.#steps, vectors: Object.fromEntries(vectors) };
  }

  /**
   * Takes over what a step gave; the rest of the state stays. The vectors belong to the state from then on.
   *
   * @throws {RangeError} where `select` does
   */
  absorb(part: TrainedTensors, { steps, vectors }: Flat): void {
    for (const [group, next] of Object.entries(vectors)) {
      const vector = this.#vectors[group];
      if (vector === undefined || vector === next) continue;
      const runs = this.#runsOf(part, group);
      if (isWhole(runs, vector)) this.#vectors[group] = next;
      else for (const { at, partAt, length } of runs) vector.set(next.subarray(partAt, partAt + length), at);
    }
    this.#steps = steps;
  }

  #runsOf(part: TrainedTensors, group: string): readonly Run[] {
    const known = this.#runs.get(part) ?? new Map<string, readonly Run[]>();
    this.#runs.set(part, known);
    const runs = known.get(group) ?? runsOf(groupTensors(group, this.#tensors), groupTensors(group, part));
    known.set(group, runs);
    return runs;
  }
}

/** The part's tensors in the whole, neighbours in both joined. */
function runsOf(whole: readonly NamedShape[], part: readonly NamedShape[]): Run[] {
  const places = new Map(layout(whole).map((placement) => [placement.spec.name, placement]));
  const runs: Run[] = [];
  for (const { spec, start, end } of layout(part)) {
    const place = places.get(spec.name);
    if (place === undefined) throw new RangeError(`the state has no "${spec.name}"`);
    if (!sameShape(place.spec.shape, spec.shape)) {
      throw new RangeError(
        `"${spec.name}" is ${showShape(spec.shape)}, but ${showShape(place.spec.shape)} in the state`,
      );
    }
    const last = runs.at(-1);
    const length = end - start;
    if (last !== undefined && last.at + last.length === place.start) {
      runs[runs.length - 1] = { ...last, length: last.length + length };
    } else runs.push({ at: place.start, partAt: start, length });
  }
  return runs;
}

const isWhole = ([first, ...others]: readonly Run[], { length }: Float32Array): boolean =>
  others.length === 0 && (first?.length ?? 0) === length;

const sizeOf = (specs: readonly NamedShape[]): number =>
  specs.reduce((size, { shape }) => size + elementCount(shape), 0);
