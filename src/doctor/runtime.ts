/** @file Checks of ONNX Runtime: its version, what it can run on, and that it computes. */
import * as ort from 'onnxruntime-node';
import { Session } from '../engine/session.js';
import { add, constant, emitModel } from '../tensor/index.js';
import type { Finding } from './diagnose.js';

/** Runs a model of one addition. */
export async function checkRuntime(): Promise<Finding> {
  const providers = ort.listSupportedBackends().map(({ name }) => name);
  const session = await Session.load(emitModel({ sum: add(constant([1, 2], [2]), constant([3, 4], [2])) }));
  const { sum } = await session.run({});
  await session.release();
  const ok = sum?.data[0] === 4 && sum.data[1] === 6;
  return {
    ok,
    detail: `onnxruntime-node ${ort.env.versions.node ?? 'unknown'}, providers ${providers.join(', ')}${ok ? '' : '; it computes wrongly'}`,
    fix: ok ? null : 'Install nasturtium anew: its ONNX Runtime is damaged.',
  };
}
