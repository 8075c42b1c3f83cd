/** @file Analytic derivatives against finite differences: what every differentiable operator must satisfy. */

import type { EngineArray } from '../src/engine/engine.js';
import { nodeEngine } from '../src/engine/node-engine.js';
import { Random } from '../src/random.js';
import { constant, emitModel, gradients, input, mul, reduceSum, type Shape, type Tensor } from '../src/tensor/index.js';

const engine = nodeEngine();

/** A function of tensors at a random point. */
export interface DerivativeCase {
  readonly name: string;
  /** Shapes of the inputs that it is differentiated with respect to. */
  readonly shapes: readonly Shape[];
  readonly apply: (...inputs: Tensor[]) => Tensor;
  /**
   * Where the point lies: `normal`, `positive` (0.5 to 2), or `apart`, where no two elements are closer than `spacing`, and
   * none is closer than half of it to a multiple of it, so that no kink is near. Default `normal`.
   */
  readonly point?: 'normal' | 'positive' | 'apart';
  /** Default 0.4. */
  readonly spacing?: number;
}

/** A derivative along a random direction, by both ways. */
interface Comparison {
  readonly what: string;
  readonly analytic: number;
  readonly numeric: number;
}

/** Step of the central differences; their fourth-order form leaves an error of about STEP⁴ times the fifth derivative. */
const STEP = 0.02;
const OFFSETS = [-2, -1, 1, 2];
/** f′(0) ≈ Σ weight·f(offset·STEP) / STEP. */
const STENCIL = [1 / 12, -2 / 3, 2 / 3, -1 / 12];
/** float32 rounds outputs to 6e-8 of their size, which differences divide by STEP; sums of tens of them come to 1e-4. */
const TOLERANCE = 2e-3;

/**
 * Compares first derivatives (of ⟨output, random⟩) and second ones (of ⟨gradient, random⟩) of all cases, in one session.
 * Returns a line for each that differs; `blocks` as for {@link emitModel}.
 */
export async function derivativeErrors(
  cases: readonly DerivativeCase[],
  { seed = 1, blocks = null }: { readonly seed?: number; readonly blocks?: number | null } = {},
): Promise<string[]> {
  const graphs = cases.map((given, index) => new CaseGraph(given, index, new Random(seed).stream(given.name, index)));
  const model = emitModel(Object.assign({}, ...graphs.map(({ outputs }) => outputs)), { blocks });
  const session = await engine.load(model);
  try {
    const run = async (position: number, offset: number) => {
      const feeds = Object.assign({}, ...graphs.map((graph) => graph.feeds(position, offset * STEP)));
      const known = Object.entries<EngineArray>(feeds).filter(([name]) => session.inputs.has(name));
      return session.run(Object.fromEntries(known));
    };
    const centre = await run(0, 0);
    const comparisons: Comparison[] = [];
    const most = Math.max(...cases.map(({ shapes }) => shapes.length));
    for (let position = 0; position < most; position++) {
      const around: Record<string, EngineArray>[] = [];
      for (const offset of OFFSETS) around.push(await run(position, offset));
      for (const graph of graphs) comparisons.push(...graph.compare(position, centre, around));
    }
    return comparisons
      .filter(({ analytic, numeric }) => !(Math.abs(analytic - numeric) <= TOLERANCE * (1 + Math.abs(numeric))))
      .map(({ what, analytic, numeric }) => `${what}: ${analytic} analytic, ${numeric} numeric`);
  } finally {
    await session.release();
  }
}

const elements = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
const draw = (size: number, next: () => number): Float32Array => Float32Array.from({ length: size }, next);
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
};

/** One case with its names, its point, and the directions along which it is differentiated. */
class CaseGraph {
  readonly outputs: Record<string, Tensor> = {};
  readonly #name: string;
  readonly #prefix: string;
  readonly #points: readonly { readonly shape: Shape; readonly data: Float32Array }[];
  readonly #directions: readonly Float32Array[];
  /** Weights of the output's elements in the function whose first derivatives are checked. */
  readonly #output: Float32Array;
  /** Weights of the gradients' elements in the function whose derivatives are the second ones. */
  readonly #gradients: readonly Float32Array[];

  constructor({ name, shapes, apply, point = 'normal', spacing = 0.4 }: DerivativeCase, index: number, random: Random) {
    this.#name = name;
    this.#prefix = `case${index}`;
    const data = points(shapes.map(elements), point, spacing, random);
    this.#points = shapes.map((shape, position) => ({ shape, data: data[position] ?? new Float32Array() }));
    const signed = (): number => 2 * random.uniform() - 1;
    this.#directions = shapes.map((shape) => draw(elements(shape), signed));
    this.#gradients = shapes.map((shape) => draw(elements(shape), signed));
    const inputs = shapes.map((shape, position) => input(`${this.#prefix} x${position}`, shape));
    const output = apply(...inputs);
    this.#output = draw(elements(output.shape), signed);
    const first = gradients(output, inputs, constant(this.#output, output.shape));
    const second = first
      .map((gradient, position) => {
        const weights = constant(this.#gradients[position] ?? [], gradient.shape);
        return gradients(reduceSum(mul(gradient, weights)), inputs);
      })
      .entries();
    this.outputs[`${this.#prefix} output`] = output;
    first.forEach((gradient, position) => {
      this.outputs[`${this.#prefix} first${position}`] = gradient;
    });
    for (const [of, derivatives] of second) {
      derivatives.forEach((derivative, by) => {
        this.outputs[`${this.#prefix} second${of},${by}`] = derivative;
      });
    }
  }

  /** The point, moved by `distance` along the direction of one input. */
  feeds(position: number, distance: number): Record<string, EngineArray> {
    return Object.fromEntries(
      this.#points.map(({ shape, data }, input) => {
        const direction = this.#directions[input];
        const moved =
          input === position ? data.map((value, index) => value + distance * (direction?.[index] ?? 0)) : data;
        return [`${this.#prefix} x${input}`, { shape, data: moved }];
      }),
    );
  }

  compare(
    by: number,
    centre: Record<string, EngineArray>,
    around: readonly Record<string, EngineArray>[],
  ): Comparison[] {
    const direction = this.#directions[by];
    if (direction === undefined) return [];
    const at = (results: Record<string, EngineArray>, name: string) => results[`${this.#prefix} ${name}`]?.data ?? [];
    const difference = (name: string, weights: ArrayLike<number>): number =>
      around.reduce((sum, results, place) => sum + (STENCIL[place] ?? 0) * dot(at(results, name), weights), 0) / STEP;
    return [
      {
        what: `${this.#name}: first derivative by input ${by}`,
        analytic: dot(at(centre, `first${by}`), direction),
        numeric: difference('output', this.#output),
      },
      ...this.#gradients.map((weights, of) => ({
        what: `${this.#name}: second derivative by inputs ${of} and ${by}`,
        analytic: dot(at(centre, `second${of},${by}`), direction),
        numeric: difference(`first${of}`, weights),
      })),
    ];
  }
}

function points(
  sizes: readonly number[],
  point: 'normal' | 'positive' | 'apart',
  spacing: number,
  random: Random,
): Float32Array[] {
  if (point === 'normal') return sizes.map((size) => draw(size, () => random.normal()));
  if (point === 'positive') return sizes.map((size) => draw(size, () => 0.5 + 1.5 * random.uniform()));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const half = Math.ceil(total / 2);
  const grid = random.shuffle(Array.from({ length: 2 * half }, (_, index) => (index - half + 0.5) * spacing));
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return Float32Array.from(grid.slice(start - size, start));
  });
}
