/** @file How the winner is to be picked, as people write it: `best`, `knee`, or a bound such as `params<=60k`. */
import type { StudyConfiguration } from '../record/configuration.js';
import { byteCount, count, type Quantity } from './quantity.js';

type Pick = NonNullable<StudyConfiguration['pick']>;

/** Quantities that can be bounded, by the name that a study's costs have: those that are counted of every candidate. */
const bounded: Readonly<Record<string, Quantity>> = {
  params: count,
  macs: count,
  peakActivationBytes: byteCount,
};

/** The end of a sentence that begins with "it must be". */
export const pickAllowed = `best, knee, or a bound such as params<=60k on one of ${Object.keys(bounded).join(', ')}`;

/** The rule that a text means; `undefined` where it means none. */
export function parsePick(text: string): Pick | undefined {
  const word = text.trim();
  if (word === 'best' || word === 'knee') return { rule: word };
  const [, quantity = '', amount = ''] = /^(\w+)\s*<=\s*(\S+)$/.exec(word) ?? [];
  const most = Object.hasOwn(bounded, quantity) ? bounded[quantity]?.parse(amount) : undefined;
  return most === undefined ? undefined : { rule: 'under', quantity, most };
}

/** The rule as a config has it. */
export const pickText = (pick: Pick): string => (pick.rule === 'under' ? `${pick.quantity}<=${pick.most}` : pick.rule);
