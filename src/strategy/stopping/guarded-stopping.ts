/** @file A stopping rule of the user's own, of which everything is checked that it gives. */
import { frozenCopy, hasMethods, shownValue, type UserCode } from '../../user-code.js';
import type { StoppingDefinition } from './stopping.js';

/** The definition, all of whose functions are called as code of the user's. */
export function guardedStopping(definition: StoppingDefinition, code: UserCode): StoppingDefinition {
  return {
    ...definition,
    create(settings) {
      const created = code.run('create', () => definition.create(settings));
      if (!hasMethods(created, ['reasonToStop'])) {
        throw code.wrong('create', `gave ${shownValue(created)}`, 'give a rule, { reasonToStop }');
      }
      return {
        reasonToStop(running, all) {
          const reason: unknown = code.run('reasonToStop', () =>
            created.reasonToStop(frozenCopy(running), frozenCopy(all)),
          );
          if (reason === null || (typeof reason === 'string' && reason !== '')) return reason;
          throw code.wrong('reasonToStop', `gave ${shownValue(reason)}`, 'give the reason as a text, or null to go on');
        },
      };
    },
  };
}
