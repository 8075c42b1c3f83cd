/** @file A host of commands that no signal reaches, for tests within one process. */
import type { Host } from '../../src/cli/host.js';

export const noSignals: Pick<Host, 'onSignal' | 'exit' | 'resumable'> = {
  onSignal: () => () => {},
  exit: () => {},
  resumable: () => {},
};
