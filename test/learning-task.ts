/** @file Searches of known optimum, for tests that a strategy learns. */

import { nodeEngine } from '../src/engine/node-engine.js';
import type { Json } from '../src/json.js';
import { choice, int } from '../src/space/decisions/choice.js';
import { object } from '../src/space/decisions/product.js';
import { repeat } from '../src/space/decisions/repeat.js';
import { selection } from '../src/space/decisions/selection.js';
import { variant } from '../src/space/decisions/variant.js';
import { type SearchSpace, untyped } from '../src/space/space.js';
import type { StrategyDefinition } from '../src/strategy/strategy.js';
import { toySpace } from './toy-space.js';

const engine = nodeEngine();

export interface LearningTask {
  readonly space: SearchSpace<Json>;
  /** The best architecture has 1. */
  readonly score: (architecture: Json) => number;
}

/** Ten answers, each right or wrong: a uniform draw has two right, and one in 9.8 million has all. */
const answers = repeat(int({ min: 0, max: 4 }), 10);
const rightAnswers: LearningTask = {
  space: untyped(toySpace(answers)),
  score: (architecture) =>
    answers.validate(architecture).filter((answer, place) => answer === (3 * place + 1) % 5).length / 10,
};

/** Blocks of three kinds with decisions of their own, as many as one likes: sequences differ between architectures. */
const blocks = repeat(
  variant('kind', {
    plain: { width: int({ min: 0, max: 3 }) },
    wide: {
      edges: selection({ a: choice(['x', 'y']), b: choice(['x', 'y']), c: choice(['x', 'y']) }, 2),
      depth: int({ min: 0, max: 3 }),
    },
    none: {},
  }),
  { min: 1, max: 4 },
);
const conditional: LearningTask = {
  space: untyped(toySpace(object({ blocks }))),
  score: (architecture) => {
    const points = object({ blocks })
      .validate(architecture)
      .blocks.map((block) => {
        if (block.kind !== 'wide') return block.kind === 'plain' && block.width === 3 ? 1 : 0;
        return (block.edges.a === 'x' ? 1 : 0) + (block.edges.c === 'y' ? 1 : 0) + (block.depth === 2 ? 1 : 0);
      });
    return points.reduce((sum, one) => sum + one, 0) / 12;
  },
};

export const learningTasks = { rightAnswers, conditional };

export interface Learnt {
  /** The best score after each question. */
  readonly best: readonly number[];
  readonly asked: readonly Json[];
}

/** One search, each question answered before the next. */
export async function learn(
  definition: StrategyDefinition,
  { space, score }: LearningTask,
  {
    settings = {},
    questions,
    seed = 1,
  }: { readonly settings?: object; readonly questions: number; readonly seed?: number },
): Promise<Learnt> {
  const strategy = definition.create({ space, settings, seed, engine });
  const best: number[] = [];
  const asked: Json[] = [];
  for (let trial = 0; trial < questions; trial++) {
    const proposal = await strategy.ask();
    if (typeof proposal === 'string') break;
    asked.push(proposal.architecture);
    const found = score(proposal.architecture);
    best.push(Math.max(found, best.at(-1) ?? 0));
    await strategy.tell(trial, { state: 'completed', score: found });
  }
  await strategy.close?.();
  return { best, asked };
}
