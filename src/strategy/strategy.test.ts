/** @file What holds for every strategy, whatever it searches by. */
import { describe, expect, it } from 'vitest';
import { toySpace } from '../../test/toy-space.js';
import { UsageError } from '../error.js';
import { canonicalJson, type Json } from '../json.js';
import { Random } from '../random.js';
import { bool, int } from '../space/decision-choice.js';
import { repeat } from '../space/decision-repeat.js';
import { mobile } from '../space/mobile.js';
import { spaceNamed } from '../space/registry.js';
import { costFunction } from '../space/space.js';
import type { Constraints } from './constraints.js';
import { strategies, strategyNamed } from './registry.js';
import type { Outcome, Strategy } from './strategy.js';

const bits = toySpace(repeat(bool(), { min: 1, max: 24 }));
const scoreOf = (architecture: Json): number => canonicalJson(architecture).split('true').length;

/** Late answers, in an order of their own, of which some have no score. */
function outcomeOf(trial: number, architecture: Json): Outcome {
  if (trial % 7 === 3) return { state: 'failed' };
  if (trial % 11 === 5) return { state: 'infeasible' };
  return { state: 'completed', score: scoreOf(architecture) };
}

/** Asks up to `count` questions with up to `workers` open, and answers open ones in random order. */
async function drive(strategy: Strategy, count: number, workers: number, steps = Number.POSITIVE_INFINITY) {
  const random = new Random(5);
  const asked: Json[] = [];
  const open: number[] = [];
  let exhausted = false;
  const calls: ({ call: 'ask' } | { call: 'tell'; trial: number; outcome: Outcome })[] = [];
  while (calls.length < steps && (open.length > 0 || (!exhausted && asked.length < count))) {
    if (!exhausted && asked.length < count && open.length < workers) {
      const proposal = await strategy.ask();
      calls.push({ call: 'ask' });
      if (proposal === 'exhausted') exhausted = true;
      else open.push(asked.push(proposal.architecture) - 1);
    } else {
      const [trial = 0] = open.splice(random.integer(open.length), 1);
      const outcome = outcomeOf(trial, asked[trial] ?? null);
      await strategy.tell(trial, outcome);
      calls.push({ call: 'tell', trial, outcome });
    }
  }
  return { asked, exhausted, calls };
}

describe.each(strategies.map((definition) => [definition.name, definition] as const))('%s', (_, definition) => {
  const create = (seed: number, constraints?: Constraints) =>
    definition.create({ space: bits, settings: {}, seed, constraints });

  it.each([1, 4])(
    'asks the same with the same seed, and other questions with another, for %i workers',
    async (workers) => {
      const first = await drive(create(1), 150, workers);
      expect(first.asked).toHaveLength(150);
      expect((await drive(create(1), 150, workers)).asked).toEqual(first.asked);
      expect((await drive(create(2), 150, workers)).asked).not.toEqual(first.asked);
    },
  );

  it('goes on as before after its history was replayed into a fresh one', async () => {
    const killed = create(3);
    const { calls, asked } = await drive(killed, 300, 4, 257);
    const resumed = create(3);
    const again: Json[] = [];
    for (const call of calls) {
      if (call.call === 'tell') await resumed.tell(call.trial, call.outcome);
      else {
        const proposal = await resumed.ask();
        again.push(proposal === 'exhausted' ? proposal : proposal.architecture);
      }
    }
    expect(again).toEqual(asked);
    for (let question = 0; question < 20; question++) expect(await resumed.ask()).toEqual(await killed.ask());
  });

  it('never asks for what is beyond the limits, nor for what is no architecture', async () => {
    const space = spaceNamed('mobile');
    const limits = { params: 30_000, macs: 1_000_000 };
    const cost = costFunction(mobile, { channels: 1, height: 28, width: 28, classes: 10 });
    const constraints = { limits, cost: (architecture: Json) => cost(mobile.decisions.validate(architecture)) };
    const { asked } = await drive(definition.create({ space, settings: {}, seed: 1, constraints }), 130, 3);
    expect(asked).toHaveLength(130);
    for (const architecture of asked) {
      const { params, macs } = constraints.cost(architecture);
      expect(params).toBeLessThanOrEqual(limits.params);
      expect(macs).toBeLessThanOrEqual(limits.macs);
    }
  });

  it('ends with "exhausted" when a finite space has nothing left', async () => {
    const space = toySpace(repeat(int({ min: 0, max: 2 }), 3));
    const { asked, exhausted } = await drive(definition.create({ space, settings: {}, seed: 1 }), 5_000, 3);
    expect(exhausted).toBe(true);
    expect(new Set(asked.map(canonicalJson)).size).toBe(27);
  });

  it('ends with "exhausted" when the limits leave nothing more', async () => {
    const space = toySpace(repeat(int({ min: 0, max: 9 }), 8));
    const sum = (architecture: Json) => (Array.isArray(architecture) ? architecture.reduce((a, b) => a + b, 1) : 1);
    const constraints = { limits: { params: 2 }, cost: (architecture: Json) => ({ params: sum(architecture) }) };
    const { asked, exhausted } = await drive(
      definition.create({ space, settings: {}, seed: 1, constraints }),
      5_000,
      1,
    );
    expect(exhausted).toBe(true);
    expect(new Set(asked.map(canonicalJson)).size).toBe(9);
  });

  it('searches a space of one architecture', async () => {
    const { asked, exhausted } = await drive(
      definition.create({ space: toySpace(int({ min: 1, max: 1 })), settings: {}, seed: 1 }),
      10,
      1,
    );
    expect([asked, exhausted]).toEqual([[1], true]);
  });

  it('survives that every trial fails', async () => {
    const strategy = create(1);
    for (let trial = 0; trial < 250; trial++) {
      expect(await strategy.ask()).not.toBe('exhausted');
      await strategy.tell(trial, { state: 'failed' });
    }
  });

  it('refuses answers to what it has not asked, or twice', async () => {
    const strategy = create(1);
    await strategy.ask();
    await strategy.tell(0, { state: 'failed' });
    await expect(strategy.tell(0, { state: 'failed' })).rejects.toThrow('trial 0 is told a second time');
    await expect(strategy.tell(1, { state: 'failed' })).rejects.toThrow('trial 1 was never asked');
  });

  it('refuses settings that it does not have', () => {
    const wrong = () => definition.create({ space: bits, settings: { repeat: true }, seed: 1 });
    expect(wrong).toThrow(UsageError);
    expect(wrong).toThrow('there is no "repeat" (did you mean repeats?)');
  });
});

describe('the registry', () => {
  it('finds every strategy by its name and suggests the nearest', () => {
    for (const strategy of strategies) expect(strategyNamed(strategy.name)).toBe(strategy);
    expect(() => strategyNamed('regularised-evolution')).toThrow('did you mean regularized-evolution?');
  });
});
