/** @file A tree that parts a space by learned rules into good and bad regions: LaNAS (Wang et al. 2021). */
import type { Json } from '../../json.js';
import { fitRidge, type Linear } from './ridge.js';

/** An architecture with its encoding and its reward. */
export interface Sample {
  readonly architecture: Json;
  readonly features: readonly number[];
  readonly reward: number;
}

export interface Region {
  readonly samples: readonly Sample[];
  readonly split: Split | null;
}

interface Split {
  readonly predict: Linear;
  readonly threshold: number;
  readonly good: Region;
  readonly bad: Region;
}

/** Fewer samples are not parted. */
const SMALLEST = 4;

type Rule = (features: readonly number[]) => boolean;

/** A region, and the rules that lead to it from the whole space. */
export class Selection {
  /** What is known in the region. */
  readonly samples: readonly Sample[];
  readonly #rules: readonly Rule[];

  constructor(samples: readonly Sample[], rules: readonly Rule[]) {
    this.samples = samples;
    this.#rules = rules;
  }

  /** How many rules there are. */
  get depth(): number {
    return this.#rules.length;
  }

  /** How many of the rules, from the first on, an encoding keeps: all of them in the region itself. */
  depthOf(features: readonly number[]): number {
    const broken = this.#rules.findIndex((rule) => !rule(features));
    return broken < 0 ? this.#rules.length : broken;
  }
}

/** Parts the samples; `height` rules at most lead to a region. */
export function learnPartition(samples: readonly Sample[], height: number): Region {
  const whole = { samples, split: null };
  if (height === 0 || samples.length < SMALLEST) return whole;
  const predict = fitRidge(
    samples.map(({ features }) => features),
    samples.map(({ reward }) => reward),
  );
  const predictions = samples.map(({ features }) => predict(features));
  const threshold = predictions.reduce((sum, value) => sum + value, 0) / samples.length;
  const good = samples.filter((_, index) => (predictions[index] ?? 0) > threshold);
  if (good.length === 0 || good.length === samples.length) return whole;
  const bad = samples.filter((_, index) => (predictions[index] ?? 0) <= threshold);
  return {
    samples,
    split: { predict, threshold, good: learnPartition(good, height - 1), bad: learnPartition(bad, height - 1) },
  };
}

/** Descends to the region of the highest bound: mean + 2·C_p·√(2 ln N / n), as in the tree of decisions. */
export function selectRegion(partition: Region, exploration: number): Selection {
  const rules: Rule[] = [];
  let region = partition;
  for (let { split } = region; split !== null; { split } = region) {
    const { predict, threshold, good, bad } = split;
    const parent = region.samples.length;
    const bound = ({ samples }: Region): number =>
      samples.reduce((sum, { reward }) => sum + reward, 0) / samples.length +
      2 * exploration * Math.sqrt((2 * Math.log(parent)) / samples.length);
    const isGood = bound(good) >= bound(bad);
    rules.push((features) => predict(features) > threshold === isGood);
    region = isGood ? good : bad;
  }
  return new Selection(region.samples, rules);
}
