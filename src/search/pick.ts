/** @file How the winner is to be picked, as people write it: `best`, `knee`, or a bound such as `params<=60k`. */

import { countedQuantities } from '../quantity/quantity.js';
import type { StudyConfiguration } from '../record/configuration.js';

type Pick = NonNullable<StudyConfiguration['pick']>;

/** Quantities that can be bounded: those that are counted of every candidate. */
const bounded = countedQuantities;

/** The end of a sentence that begins with "it must be". */
export const pickAllowed = `best, knee, or a bound such as params<=60k on one of ${bounded.map(({ name }) => name).join(', ')}`;

/** The rule that a text means; `undefined` where it means none. */
export function parsePick(text: string): Pick | undefined {
  const word = text.trim();
  if (word === 'best' || word === 'knee') return { rule: word };
  const [, quantity = '', amount = ''] = /^(\w+)\s*<=\s*(\S+)$/.exec(word) ?? [];
  const most = bounded.find(({ name }) => name === quantity)?.text.parse(amount);
  return most === undefined ? undefined : { rule: 'under', quantity, most };
}

/** The rule as a config has it. */
export const pickText = (pick: Pick): string => (pick.rule === 'under' ? `${pick.quantity}<=${pick.most}` : pick.rule);
