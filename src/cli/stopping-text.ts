/** @file What a stopping rule did, in words. */
import type { StoppingSummary } from '../record/stopping.js';
import { time } from './table.js';

/** `12 trials stopped, about 96 epochs and 3 min 12 s saved; of 2 that were let run it would have been wrong about none`. */
export function stoppingText({ stopped, letRun, wrong, savedEpochs, savedSeconds }: StoppingSummary): string {
  const trials = `${stopped} ${stopped === 1 ? 'trial' : 'trials'} stopped`;
  const saved = stopped === 0 ? '' : `, about ${Math.round(savedEpochs)} epochs and ${time(savedSeconds)} saved`;
  const checked =
    letRun === 0 ? 'none was let run to check it' : `of ${letRun} let run to check it, ${wrong || 'none'} beat the bar`;
  return `${trials}${saved}; ${checked}`;
}
