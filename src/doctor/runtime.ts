/** @file Checks of ONNX Runtime: its version, what it runs on, and that it computes. */
import { type Engine, engineText } from '../engine/engine.js';
import { add, constant, emitModel } from '../tensor/index.js';
import type { Finding } from './finding.js';

/** Runs a model of one addition. */
export async function checkRuntime(engine: Engine): Promise<Finding> {
  const model = await engine.load(emitModel({ sum: add(constant([1, 2], [2]), constant([3, 4], [2])) }));
  const { sum } = await model.run({});
  await model.release();
  const ok = sum?.data[0] === 4 && sum.data[1] === 6;
  return {
    ok,
    detail: `${engineText(engine)}${ok ? '' : '; it computes wrongly'}`,
    fix: ok ? null : 'Install nasturtium anew: its ONNX Runtime is damaged.',
  };
}
