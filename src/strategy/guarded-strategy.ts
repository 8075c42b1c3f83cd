/** @file A strategy of the user's own, of which everything is checked that it gives. */
import { z } from 'zod';
import { UsageError } from '../error.js';
import { frozenCopy, hasMethods, shownValue, type UserCode } from '../user-code.js';
import type { Proposal, Strategy, StrategyDefinition, StrategyRequest } from './strategy.js';

const proposal = z.looseObject({
  architecture: z.json(),
  fidelity: z.number().gt(0).max(1).exactOptional(),
  parent: z.int().min(0).exactOptional(),
});

/** The definition, all of whose functions are called as code of the user's. */
export function guardedStrategy(definition: StrategyDefinition, code: UserCode): StrategyDefinition {
  return {
    ...definition,
    create(request) {
      const created = code.run('create', () => definition.create(request));
      if (hasMethods(created, ['ask', 'tell'])) return guarded(created, request, code);
      throw code.wrong('create', `gave ${shownValue(created)}`, 'give a strategy, { ask, tell }');
    },
  };
}

function guarded(created: Strategy, request: StrategyRequest, code: UserCode): Strategy {
  let open = 0;
  return {
    async ask() {
      const given: unknown = await code.run('ask', () => created.ask());
      if (given === 'exhausted') return given;
      if (given !== 'wait') {
        open++;
        return proposalOf(given, request, code);
      }
      if (open > 0) return given;
      throw code.wrong(
        'ask',
        'gave "wait" while no question is open',
        'give a question, or "exhausted" where none is left',
      );
    },
    async tell(trial, outcome) {
      open--;
      await code.run('tell', () => created.tell(trial, frozenCopy(outcome)));
    },
    async close() {
      await code.run('close', () => created.close?.());
    },
  };
}

function proposalOf(given: unknown, { space }: StrategyRequest, code: UserCode): Proposal {
  const parsed = proposal.safeParse(given);
  if (!parsed.success) {
    const allowed =
      'give { architecture }, with a fidelity in (0, 1] where it is not to be evaluated in full, "wait" or "exhausted"';
    throw code.wrong('ask', `gave ${shownValue(given)}`, allowed);
  }
  const { architecture } = parsed.data;
  try {
    return { ...parsed.data, architecture: space.decisions.validate(architecture) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const allowed = `be of the space it searches (${error.message.replace(/\.$/, '')})`;
    throw code.wrong('ask', `gave the architecture ${shownValue(architecture)}`, allowed);
  }
}
