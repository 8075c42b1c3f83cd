/** @file Strategies of several fidelities: who is promoted, when, and what the proposer hears of it. */
import { describe, expect, it } from 'vitest';
import { drive } from '../../test/strategy-laws.js';
import { toySpace } from '../../test/toy-space.js';
import type { Json } from '../json.js';
import { int } from '../space/decisions/choice.js';
import { repeat } from '../space/decisions/repeat.js';
import type { SearchedSpace } from './feasible/feasible-space.js';
import { strategyNamed } from './registry.js';
import type { Outcome, Proposal, Strategy } from './strategy.js';

/** Its score is its number, whatever the fidelity. */
const numbers = toySpace(int({ min: 0, max: 9_999 }));

const scored = (_: number, { architecture }: Proposal): Outcome => ({
  state: 'completed',
  score: Number(architecture),
});

const create = (name: string, settings: Json, space: SearchedSpace = numbers, seed = 1): Strategy =>
  strategyNamed(name).create({ space, settings, seed });

/** How many of the questions had each fidelity. */
function fidelities(asked: readonly Proposal[], resource: number): { readonly [units: number]: number } {
  const counts: { [units: number]: number } = {};
  for (const { fidelity = 1 } of asked) {
    const units = Math.round(fidelity * resource);
    counts[units] = (counts[units] ?? 0) + 1;
  }
  return counts;
}

const best = (asked: readonly Proposal[], count: number): number[] =>
  asked
    .map(({ architecture }) => Number(architecture))
    .sort((a, b) => b - a)
    .slice(0, count);

/** Asks so many questions at once. */
async function askAll(strategy: Strategy, count: number): Promise<Proposal[]> {
  const asked: Proposal[] = [];
  for (let question = 0; question < count; question++) {
    const proposal = await strategy.ask();
    if (typeof proposal !== 'string') asked.push(proposal);
  }
  return asked;
}

describe('successive halving', () => {
  it('promotes the best third of each rung, down to one full evaluation, and begins anew', async () => {
    const { asked } = await drive(create('successive-halving', { resource: 27 }), { questions: 80, answer: scored });
    const rungs = [asked.slice(0, 27), asked.slice(27, 36), asked.slice(36, 39), asked.slice(39, 40)];
    expect(rungs.map((rung) => fidelities(rung, 27))).toEqual([{ 1: 27 }, { 3: 9 }, { 9: 3 }, { 27: 1 }]);
    for (const [level, rung] of rungs.entries()) expect(best(rung, 99)).toEqual(best(rungs[0] ?? [], 27 / 3 ** level));
    expect(fidelities(asked.slice(40), 27)).toEqual({ 1: 27, 3: 9, 9: 3, 27: 1 });
  });

  it('is a search of full evaluations where a full one is the least', async () => {
    const { asked } = await drive(create('successive-halving', { resource: 2 }), { questions: 10, answer: scored });
    expect(fidelities(asked, 1)).toEqual({ 1: 10 });
  });

  it('waits for the last result of a rung, and begins the next bracket meanwhile', async () => {
    const strategy = create('successive-halving', {});
    const first = await askAll(strategy, 9);
    for (const trial of [8, 3, 1, 0, 2, 4, 5, 7]) await strategy.tell(trial, { state: 'completed', score: trial });
    expect(await strategy.ask()).toMatchObject({ fidelity: 1 / 9 });
    await strategy.tell(6, { state: 'completed', score: 1e6 });
    expect(await strategy.ask()).toEqual({ architecture: first[6]?.architecture, fidelity: 1 / 3, parent: 6 });
  });

  it('fills the places of failed candidates with the next best', async () => {
    const strategy = create('successive-halving', {});
    const first = await askAll(strategy, 9);
    for (const [trial, proposal] of first.entries()) {
      await strategy.tell(trial, trial < 5 ? { state: 'failed' } : scored(trial, proposal));
    }
    expect(best(await askAll(strategy, 3), 3)).toEqual(best(first.slice(5), 3));
  });

  it('drops a bracket without a single score', async () => {
    const strategy = create('successive-halving', {});
    for (const trial of (await askAll(strategy, 9)).keys()) await strategy.tell(trial, { state: 'failed' });
    expect(fidelities(await askAll(strategy, 9), 9)).toEqual({ 1: 9 });
  });

  it.each(['successive-halving', 'asha'])('%s evaluates the best of an exhausted space in full', async (name) => {
    const space = toySpace(int({ min: 1, max: 5 }));
    const { asked, exhausted } = await drive(create(name, {}, space), { questions: 99, workers: 3, answer: scored });
    expect(exhausted).toBe(true);
    // It goes on from its own last trial.
    const parent = asked.slice(0, -1).findLastIndex(({ architecture }) => architecture === 5);
    expect(asked.at(-1)).toEqual({ architecture: 5, fidelity: 1, parent });
    expect(fidelities(asked, 9)).toEqual({ 1: 5, 3: 1, 9: 1 });
  });

  it('ranks by non-dominated sorting where costs are minimised, too', async () => {
    const strategy = create('successive-halving', { minimise: ['params'] });
    const first = await askAll(strategy, 9);
    // Three on the front; the others are worse in both, among them the second best score.
    const front = new Map([
      [0, { score: 9, params: 90 }],
      [4, { score: 5, params: 20 }],
      [8, { score: 1, params: 1 }],
    ]);
    for (const trial of first.keys()) {
      const { score, params } = front.get(trial) ?? { score: 8 - trial, params: 100 + trial };
      await strategy.tell(trial, { state: 'completed', score, costs: { params } });
    }
    const promoted = (await askAll(strategy, 3)).map(({ architecture }) => architecture);
    expect(new Set(promoted)).toEqual(new Set([0, 4, 8].map((trial) => first[trial]?.architecture)));
  });
});

describe('hyperband', () => {
  it('runs all brackets of its table', async () => {
    const { asked } = await drive(create('hyperband', { resource: 81 }), { questions: 206, answer: scored });
    // By column of the table: 81; 27 + 34; 9 + 11 + 15; 3 + 3 + 5 + 8; 1 + 1 + 1 + 2 + 5.
    expect(fidelities(asked, 81)).toEqual({ 1: 81, 3: 61, 9: 35, 27: 19, 81: 10 });
  });
});

describe('asha', () => {
  it('promotes as soon as a third is known, the highest rung first', async () => {
    const strategy = create('asha', {});
    const asked: Proposal[] = [];
    for (let trial = 0; trial < 13; trial++) {
      const [proposal] = await askAll(strategy, 1);
      if (proposal === undefined) break;
      asked.push(proposal);
      // Each is worse than those before, so that the best third never changes.
      await strategy.tell(trial, { state: 'completed', score: -trial });
    }
    expect(asked.map(({ fidelity = 1 }) => Math.round(9 * fidelity))).toEqual([1, 1, 1, 3, 1, 1, 1, 3, 1, 1, 1, 3, 9]);
    expect([3, 7, 11, 12].map((trial) => asked[trial]?.architecture)).toEqual(
      [0, 1, 2, 0].map((trial) => asked[trial]?.architecture),
    );
  });

  it('never waits, however late the results are', async () => {
    expect(await askAll(create('asha', {}), 50)).toHaveLength(50);
  });
});

describe("asha with PASHA's rule", () => {
  const asked = async (settings: object, answer: (trial: number, proposal: Proposal) => Outcome) => {
    const { asked } = await drive(create('asha', { resource: 81, ...settings }), { questions: 200, answer });
    return fidelities(asked, 81);
  };
  const units = (counts: object) => Object.keys(counts).map(Number);

  it('stays with the two smallest fidelities while they rank alike, where ASHA goes on to full evaluations', async () => {
    expect(units(await asked({ pasha: true }, scored))).toEqual([1, 3]);
    expect(units(await asked({}, scored))).toEqual([1, 3, 9, 27, 81]);
  });

  it('opens all where ranks change with every fidelity, and then asks much as ASHA does', async () => {
    // Lines of other slopes: any two cross once at most, which is no noise.
    const changing = (_: number, { architecture, fidelity = 1 }: Proposal): Outcome => {
      const level = Math.round(Math.log(81 * fidelity) / Math.log(3));
      const number = Number(architecture);
      return { state: 'completed', score: (number % 997) + level * ((number * 7919) % 997) };
    };
    const [pasha, plain] = [await asked({ pasha: true }, changing), await asked({}, changing)];
    expect(units(pasha)).toEqual(units(plain));
    for (const unit of units(plain)) expect(Math.abs((pasha[unit] ?? 0) - (plain[unit] ?? 0))).toBeLessThan(6);
  });

  it('takes for noise what curves that cross back and forth differ by', async () => {
    // The last points alternate by 200, and so do the scores of both fidelities: more than neighbours differ by.
    const wavering =
      (told: boolean) =>
      (_: number, { architecture, fidelity = 1 }: Proposal): Outcome => {
        const [value, sign] = [Number(architecture), Number(architecture) % 2 === 0 ? 1 : -1];
        const curve = [value + 2_000 * sign, value - 2_000 * sign, value + 2_000 * sign * (fidelity < 0.02 ? 1 : -1)];
        return { state: 'completed', score: curve[2] ?? 0, ...(told && { curve }) };
      };
    const [known, unknown] = [
      await asked({ pasha: true }, wavering(true)),
      await asked({ pasha: true }, wavering(false)),
    ];
    expect(Math.max(...units(known))).toBeLessThan(Math.max(...units(unknown)));
  });

  it('ends with the best of its highest rung where the space is exhausted', async () => {
    const space = toySpace(int({ min: 1, max: 5 }));
    const { asked, exhausted } = await drive(create('asha', { pasha: true }, space), { questions: 99, answer: scored });
    expect(exhausted).toBe(true);
    expect(fidelities(asked, 9)[9]).toBeUndefined();
    expect(asked).toContainEqual(expect.objectContaining({ architecture: 5, fidelity: 1 / 3 }));
  });
});

describe('a proposer', () => {
  const digits = toySpace(repeat(int({ min: 0, max: 9 }), 6));
  const sum = (_: number, { architecture, fidelity = 1 }: Proposal): Outcome => ({
    state: 'completed',
    score: Array.isArray(architecture)
      ? fidelity * architecture.reduce<number>((total, digit) => total + Number(digit), 0)
      : 0,
  });

  it.each(['successive-halving', 'hyperband', 'asha'])('%s: one that learns finds better candidates', async (name) => {
    const meanOf = async (proposer: Json) => {
      const strategy = create(name, { proposer }, digits);
      const { asked } = await drive(strategy, { questions: 300, answer: sum });
      const full = asked.filter(({ fidelity = 1 }) => fidelity === 1).map((one) => sum(0, { ...one, fidelity: 1 }));
      return full.reduce((total, one) => total + (one.state === 'completed' ? one.score : 0), 0) / full.length;
    };
    const learning = { name: 'regularized-evolution', populationSize: 20, sampleSize: 5 };
    expect(await meanOf(learning)).toBeGreaterThan((await meanOf({ name: 'random' })) + 3);
  });

  it('is refused where it is none, or its settings are wrong', () => {
    expect(() => create('asha', { proposer: { name: 'randon' } })).toThrow('(did you mean random?)');
    expect(() => create('asha', { proposer: { name: 'asha' } })).toThrow('"asha" cannot be a proposer');
    expect(() => create('asha', { proposer: { name: 'random', size: 3 } })).toThrow(
      'no setting "size" in the strategy random',
    );
  });
});

describe('what is to be minimised', () => {
  it('must be known', async () => {
    const strategy = create('asha', { minimise: ['parms'] });
    await strategy.ask();
    const outcome: Outcome = { state: 'completed', score: 1, costs: { params: 3 } };
    await expect(strategy.tell(0, outcome)).rejects.toThrow(
      'The strategy is to minimise "parms" (did you mean params?), which is not known of candidates here; known are params',
    );
  });
});
