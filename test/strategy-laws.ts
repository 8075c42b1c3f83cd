/** @file What holds for every search strategy, whatever it searches by; src/strategy/strategy.test.ts and learning.test.ts call it for all of them. */
import { afterEach, describe, expect, it } from 'vitest';
import { nodeEngine } from '../src/engine/node-engine.js';
import { canonicalJson, type Json } from '../src/json.js';
import { Random } from '../src/random.js';
import { bool, int } from '../src/space/decisions/choice.js';
import { repeat } from '../src/space/decisions/repeat.js';
import { mobile } from '../src/space/mobile.js';
import { spaceNamed, spaces } from '../src/space/registry.js';
import { costFunction, untyped } from '../src/space/space.js';
import type { Constraints } from '../src/strategy/feasible/constraints.js';
import type { SearchedSpace } from '../src/strategy/feasible/feasible-space.js';
import type { Outcome, Proposal, Strategy, StrategyDefinition, StrategyRequest } from '../src/strategy/strategy.js';
import { combinatorSpaces } from './combinator-spaces.js';
import { toySpace } from './toy-space.js';

const engine = nodeEngine();

export interface StrategyLawOptions {
  /** Default: none, the strategy's own defaults. */
  readonly settings?: { readonly [name: string]: Json };
  /** Why other seeds give the same questions. Default: they give others. */
  readonly unseeded?: string;
  /** Why it asks about architectures that it knows with the same fidelity. Default: it never does. */
  readonly repeats?: string;
  /** Whether it searches every registered space, too, not only one of each combinator. Default false. */
  readonly everySpace?: boolean;
  /** Questions in each space. Default 30; fewer for strategies that take milliseconds for one. */
  readonly perSpace?: number;
  /** Questions of the longer searches. Default 100; fewer for strategies that train networks. */
  readonly questions?: number;
}

/** Many architectures, of which the one with the most ones is best. */
const bits = toySpace(repeat(bool(), { min: 1, max: 24 }));

/** 27 architectures. */
const triples = toySpace(repeat(int({ min: 0, max: 2 }), 3));

/** The same, of which those with equal numbers in any order are isomorphic: 10 classes. */
const multisets: SearchedSpace = {
  ...triples,
  canonical: (architecture) => canonicalJson(Array.isArray(architecture) ? architecture.toSorted() : architecture),
};

/** A number that says nothing, the same for the same architecture. */
const digestOf = (architecture: Json): number =>
  [...canonicalJson(architecture)].reduce((digest, character) => (31 * digest + character.charCodeAt(0)) % 9973, 7);

/** Answers of which some have no score. */
function outcomeOf(trial: number, { architecture, fidelity = 1 }: Proposal): Outcome {
  if (trial % 7 === 3) return { state: 'failed' };
  if (trial % 11 === 5) return { state: 'infeasible' };
  if (trial % 13 === 4) return { state: 'pruned' };
  if (trial % 17 === 6) return { state: 'lost' };
  const ones = canonicalJson(architecture).split('true').length;
  return { state: 'completed', score: ones * fidelity, costs: { params: 25 - ones } };
}

type Call = { readonly call: 'ask' } | { readonly call: 'tell'; readonly trial: number; readonly outcome: Outcome };

interface Driven {
  readonly asked: readonly Proposal[];
  readonly exhausted: boolean;
  /** The questions and answers in their order: what a study's log holds. */
  readonly calls: readonly Call[];
}

interface DriveOptions {
  readonly questions: number;
  /** Questions that are open at a time. Default 1. */
  readonly workers?: number;
  /** Stops after so many calls. Default: when all is answered. */
  readonly calls?: number;
  readonly answer?: (trial: number, proposal: Proposal) => Outcome;
  /** Asks again where there is no question. Default false. */
  readonly insists?: boolean;
}

/** Asks while a worker is free, and answers open questions in random order. */
export async function drive(strategy: Strategy, options: DriveOptions): Promise<Driven> {
  const { questions, workers = 1, answer = outcomeOf, insists = false } = options;
  const random = new Random(5);
  const asked: Proposal[] = [];
  const open: number[] = [];
  const calls: Call[] = [];
  const scored = new Set<number>();
  const ask = async (): Promise<'asked' | 'wait' | 'exhausted'> => {
    const proposal = await strategy.ask();
    if (typeof proposal === 'string') {
      if (insists) expect(await strategy.ask()).toBe(proposal);
      return proposal;
    }
    const { parent } = proposal;
    expect(parent === undefined || scored.has(parent), 'a parent is a trial that has a score').toBe(true);
    calls.push({ call: 'ask' });
    open.push(asked.push(proposal) - 1);
    return 'asked';
  };
  let state: 'asked' | 'wait' | 'exhausted' = 'asked';
  while (calls.length < (options.calls ?? Number.POSITIVE_INFINITY)) {
    const isFree = state !== 'exhausted' && asked.length < questions && open.length < workers;
    if (isFree) state = await ask();
    if (isFree && state === 'asked') continue;
    if (open.length === 0) {
      expect(state, 'a strategy waits only while questions are open').not.toBe('wait');
      break;
    }
    const [trial = 0] = open.splice(random.integer(open.length), 1);
    const outcome = answer(trial, asked[trial] ?? { architecture: null });
    await strategy.tell(trial, outcome);
    if (outcome.state === 'completed') scored.add(trial);
    calls.push({ call: 'tell', trial, outcome });
  }
  return { asked, exhausted: state === 'exhausted', calls };
}

const keysOf = ({ asked }: Driven): Set<string> =>
  new Set(asked.map(({ architecture }) => canonicalJson(architecture)));

/** The questions that have no answer. */
const openOf = ({ asked, calls }: Driven): number[] => {
  const told = new Set(calls.flatMap((call) => (call.call === 'tell' ? [call.trial] : [])));
  return [...asked.keys()].filter((trial) => !told.has(trial));
};

/** Tests of one strategy. */
export function describeStrategyLaws(definition: StrategyDefinition, options: StrategyLawOptions = {}): void {
  const { settings = {}, unseeded, repeats, everySpace = false, perSpace = 30, questions = 100 } = options;
  const made: Strategy[] = [];
  const make = (request: Omit<StrategyRequest, 'settings' | 'engine'>): Strategy => {
    const strategy = definition.create({ ...request, settings, engine });
    made.push(strategy);
    return strategy;
  };
  const create = (seed: number, space: SearchedSpace = bits): Strategy => make({ space, seed });

  describe(definition.name, () => {
    afterEach(async () => {
      for (const strategy of made.splice(0)) await strategy.close?.();
    });

    it.each([1, 4])('asks the same with the same seed, for %i workers', async (workers) => {
      const count = Math.ceil(questions / 2);
      const first = await drive(create(1), { questions: count, workers });
      expect(first.asked).toHaveLength(count);
      expect((await drive(create(1), { questions: count, workers })).asked).toEqual(first.asked);
    });

    const differs = 'asks other questions with another seed';
    if (unseeded !== undefined) it.skip(`${differs}: ${unseeded}`, () => {});
    else {
      it(differs, async () => {
        const [first, other] = [create(1), create(2)].map((strategy) => drive(strategy, { questions: perSpace }));
        expect((await other)?.asked).not.toEqual((await first)?.asked);
      });
    }

    it('goes on as before after its history was replayed into a fresh one', async () => {
      const killed = create(3);
      const history = await drive(killed, { questions, workers: 4, calls: Math.floor(1.7 * questions) });
      const { calls, asked } = history;
      const resumed = create(3);
      const again: (Proposal | string)[] = [];
      const proposals: Proposal[] = [];
      for (const call of calls) {
        if (call.call === 'ask') again.push(await resumed.ask());
        else await resumed.tell(call.trial, call.outcome);
      }
      expect(again).toEqual(asked);
      const open = openOf(history);
      for (let question = 0; question < 20; question++) {
        const next = await killed.ask();
        expect(await resumed.ask()).toEqual(next);
        if (typeof next !== 'string') open.push(asked.length + proposals.push(next) - 1);
        const trial = open.shift();
        if (trial === undefined) break;
        const outcome = outcomeOf(trial, [...asked, ...proposals][trial] ?? { architecture: null });
        for (const strategy of [killed, resumed]) await strategy.tell(trial, outcome);
      }
    });

    it('is not changed by being asked again while it waits, or is at its end', async () => {
      const options = { questions: 200, workers: 4 };
      const { asked } = await drive(create(6, triples), options);
      expect((await drive(create(6, triples), { ...options, insists: true })).asked).toEqual(asked);
    });

    if (repeats !== undefined) it.skip(`asks nothing twice: ${repeats}`, () => {});
    else {
      it('asks nothing twice', async () => {
        for (const space of [untyped(bits), multisets]) {
          const { asked } = await drive(create(7, space), { questions, workers: 3 });
          const keys = asked.map(({ architecture, fidelity = 1 }) => `${space.canonical(architecture)} ${fidelity}`);
          expect(new Set(keys).size).toBe(keys.length);
        }
      });
    }

    const searched = everySpace
      ? [...combinatorSpaces, ...spaces]
      : // Its cells are graphs, which some strategies compare.
        [...combinatorSpaces, { ...spaceNamed('nas-bench-201') }];
    const kinds = everySpace ? 'every registered space and a space' : 'NAS-Bench-201 and a space';
    it(`asks in ${kinds} of each combinator for architectures of it, within the limits`, async () => {
      const constraints: Constraints = {
        limits: { params: 4 },
        cost: (architecture) => ({ params: 1 + (digestOf(architecture) % 5), macs: 1 + digestOf(architecture) }),
      };
      const answer = (trial: number, proposal: Proposal): Outcome => {
        const { architecture, fidelity = 1 } = proposal;
        const { state } = outcomeOf(trial, proposal);
        const costs = { ...constraints.cost(architecture) };
        return state === 'completed' ? { state, score: digestOf(architecture) * fidelity, costs } : { state };
      };
      for (const space of searched) {
        const strategy = make({ space, seed: 1, constraints });
        const { asked } = await drive(strategy, { questions: perSpace, workers: 2, answer });
        expect(asked, space.name).toHaveLength(perSpace);
        for (const { architecture } of asked) {
          expect(() => space.decisions.validate(architecture), space.name).not.toThrow();
          expect(constraints.cost(architecture).params, space.name).toBeLessThanOrEqual(4);
        }
      }
    });

    it('gives fidelities above 0 and of at most a full evaluation', async () => {
      const { asked } = await drive(create(4), { questions, workers: 3 });
      for (const { fidelity = 1 } of asked) {
        expect(fidelity).toBeGreaterThan(0);
        expect(fidelity).toBeLessThanOrEqual(1);
      }
    });

    it('never asks for what is beyond the limits, nor for what is no architecture', async () => {
      const limits = { params: 30_000, macs: 1_000_000 };
      const count = costFunction(mobile, { channels: 1, height: 28, width: 28, classes: 10 });
      const cost = (architecture: Json) => ({ ...count(mobile.decisions.validate(architecture)) });
      const strategy = make({ space: spaceNamed('mobile'), seed: 1, constraints: { limits, cost } });
      const { asked } = await drive(strategy, { questions: Math.ceil(questions / 3), workers: 3 });
      expect(asked).toHaveLength(Math.ceil(questions / 3));
      for (const { architecture } of asked) {
        expect(cost(architecture).params).toBeLessThanOrEqual(limits.params);
        expect(cost(architecture).macs).toBeLessThanOrEqual(limits.macs);
      }
    });

    it.each([1, 3])('ends with "exhausted" when a finite space has nothing left, for %i workers', async (workers) => {
      const strategy = create(1, triples);
      const driven = await drive(strategy, { questions: 5_000, workers });
      expect(driven.exhausted).toBe(true);
      expect(keysOf(driven).size).toBe(27);
      expect(await strategy.ask()).toBe('exhausted');
    });

    it('ends with "exhausted" when each class of isomorphic architectures has been asked about', async () => {
      const { exhausted, asked } = await drive(create(1, multisets), { questions: 5_000, workers: 2 });
      expect(exhausted).toBe(true);
      expect(new Set(asked.map(({ architecture }) => multisets.canonical(architecture))).size).toBe(10);
    });

    it('ends with "exhausted" when the limits leave nothing more', async () => {
      const sum = (architecture: Json) => (Array.isArray(architecture) ? architecture.reduce((a, b) => a + b, 1) : 1);
      const constraints: Constraints = {
        limits: { params: 2 },
        cost: (architecture) => ({ params: sum(architecture) }),
      };
      const space = toySpace(repeat(int({ min: 0, max: 9 }), 8));
      const driven = await drive(make({ space, seed: 1, constraints }), { questions: 5_000 });
      expect(driven.exhausted).toBe(true);
      expect(keysOf(driven).size).toBe(9);
    });

    it('searches a space of one architecture', async () => {
      const driven = await drive(create(1, toySpace(int({ min: 1, max: 1 }))), { questions: 100 });
      expect(driven.exhausted).toBe(true);
      expect(keysOf(driven)).toEqual(new Set(['1']));
    });

    it.each(['failed', 'pruned', 'infeasible'] as const)('survives that every trial is %s', async (state) => {
      const { exhausted } = await drive(create(1), { questions, workers: 2, answer: () => ({ state }) });
      expect(exhausted).toBe(false);
    });

    it('survives that all scores are equal', async () => {
      const answer = (): Outcome => ({ state: 'completed', score: 0, costs: { params: 1 } });
      const { asked } = await drive(create(1), { questions, answer });
      expect(asked).toHaveLength(questions);
    });

    it('refuses answers to what it has not asked, or twice', async () => {
      const strategy = create(1);
      await strategy.ask();
      await strategy.tell(0, { state: 'failed' });
      await expect(strategy.tell(0, { state: 'failed' })).rejects.toThrow('trial 0 is told a second time');
      await expect(strategy.tell(1, { state: 'failed' })).rejects.toThrow('trial 1 was never asked');
    });

    it('refuses settings that it does not have', () => {
      const wrong = () => definition.create({ space: bits, settings: { ...settings, nonsense: true }, seed: 1 });
      // By its name: the strategy may come with an installation of its own.
      expect(wrong).toThrow(expect.objectContaining({ name: 'UsageError' }));
      expect(wrong).toThrow('There is no setting "nonsense"');
    });
  });
}
