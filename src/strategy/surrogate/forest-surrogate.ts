/** @file A forest on the features of operator graphs as the model of scores. */
import type { Json } from '../../json.js';
import type { Random } from '../../random.js';
import type { Score } from '../score.js';
import { ArchitectureFeatures, type DescribedSpace } from './features.js';
import { Forest } from './forest.js';
import type { Outline } from './gaussian-process.js';
import { Observations } from './observations.js';
import type { Posterior, Surrogate } from './surrogate.js';

/** scikit-learn's number, with which Kadlecová et al. (ICML 2024) predict. */
const TREES = 100;

/** It is grown anew when there are so many times as many observations. */
const REFIT_GROWTH = 1.02;

/** What is awaited is no matter to it: parallel questions differ as far as their draws and mutations do. */
export class ForestSurrogate implements Surrogate {
  readonly #features: ArchitectureFeatures;
  readonly #random: Random;
  readonly #observations = new Observations<Float64Array>();
  #fitted: Posterior | undefined;
  #nextFit = 0;

  constructor(space: DescribedSpace, random: Random) {
    this.#features = new ArchitectureFeatures(space);
    this.#random = random;
  }

  get scored(): number {
    return this.#observations.scored;
  }

  observe(architecture: Json, score: Score): void {
    this.#observations.add(this.#features.rowOf(architecture), score);
  }

  async posterior(): Promise<Posterior> {
    const observations = this.#observations.points.length;
    if (this.#fitted === undefined || observations >= this.#nextFit) {
      this.#fitted = this.#fit();
      this.#nextFit = Math.ceil(observations * REFIT_GROWTH);
    }
    return this.#fitted;
  }

  async close(): Promise<void> {}

  #fit(): Posterior {
    const rows = this.#observations.points;
    const forest = new Forest({ rows, values: this.#observations.values() }, TREES, this.#random.stream(rows.length));
    const outline = (row: Float64Array): Outline => {
      const { mean, deviation } = forest.predict(row);
      return { mean, deviationBound: deviation, deviation: () => deviation };
    };
    return {
      best: Math.max(...rows.map((row) => forest.predict(row).mean)),
      noise: 0,
      at: async (architectures) => architectures.map((each) => outline(this.#features.rowOf(each))),
    };
  }
}
