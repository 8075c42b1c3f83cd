/** @file Limits in words, such as `at most 60,000 parameters`. */
import { amountInWords, knownAmounts } from '../quantity/quantity.js';
import type { ReportedAmounts } from './description.js';

/** One text for each limit that there is. */
export const limitTexts = (limits: ReportedAmounts): string[] =>
  knownAmounts(limits).map(({ quantity, amount }) => `at most ${amountInWords(quantity, amount)}`);
