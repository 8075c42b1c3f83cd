/** @file A stopping rule of the user's own, of which everything is checked that it gives. */

import { z } from 'zod';
import { frozenCopy, hasMethods, shownValue, type UserCode } from '../../user-code.js';
import type { StoppingDefinition } from './stopping.js';

const verdict = z.strictObject({
  reason: z.string().min(1),
  bar: z.number().optional(),
  prediction: z.strictObject({ value: z.number(), deviation: z.number().min(0) }).optional(),
});

/** The definition, all of whose functions are called as code of the user's. */
export function guardedStopping(definition: StoppingDefinition, code: UserCode): StoppingDefinition {
  return {
    ...definition,
    create(settings, seed) {
      const created = code.run('create', () => definition.create(settings, seed));
      if (!hasMethods(created, ['reasonToStop'])) {
        throw code.wrong('create', `gave ${shownValue(created)}`, 'give a rule, { reasonToStop }');
      }
      const { letRun = 0 } = created;
      if (typeof letRun !== 'number' || !(letRun >= 0 && letRun <= 1)) {
        throw code.wrong('create', `gave ${shownValue(letRun)} as letRun`, 'give a share from 0 to 1');
      }
      return {
        letRun,
        reasonToStop(running, all) {
          const reason: unknown = code.run('reasonToStop', () =>
            created.reasonToStop(frozenCopy(running), frozenCopy(all)),
          );
          if (reason === null || (typeof reason === 'string' && reason !== '')) return reason;
          const { data } = verdict.safeParse(reason);
          if (data !== undefined) return data;
          throw code.wrong(
            'reasonToStop',
            `gave ${shownValue(reason)}`,
            'give the reason as a text or as { reason, bar, prediction: { value, deviation } }, or null to go on',
          );
        },
      };
    },
  };
}
