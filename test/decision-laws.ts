/** @file What holds for every description of architectures; the tests of combinators and of spaces call it. */
import { expect } from 'vitest';
import { canonicalJson, type Json } from '../src/json.js';
import { Random } from '../src/random.js';
import type { Decided, Decision, Growth } from '../src/space/decisions/decision.js';

/** Answers by path: two architectures differ in one decision if all decisions that both take agree but one. */
const disagreements = (first: Decided[], second: Decided[]): string[] => {
  const answers = new Map(second.map(({ path, options, option }) => [path, options[option]]));
  return first
    .filter(({ path, options, option }) => answers.has(path) && answers.get(path) !== options[option])
    .map(({ path }) => path);
};

export interface Freedoms {
  /**
   * Whether an edit may change the answers to later questions, as where a token is inserted into a chain, and a child of
   * a crossover be asked what its parents were not. Default `false`.
   */
  readonly shifting?: boolean;
  /** Whether some edits may be illegal, so that an architecture may have no neighbours. Default `false`. */
  readonly isolated?: boolean;
}

/** Checks one seeded sample against every law. */
export function expectLaws<A extends Json>(
  decision: Decision<A>,
  seed: number,
  { shifting = false, neighbourLimit = 200 }: Freedoms & { readonly neighbourLimit?: number } = {},
): void {
  const random = new Random(seed);
  const architecture = decision.sample(random);
  const key = canonicalJson(architecture);
  const valid = (value: A) => canonicalJson(decision.validate(JSON.parse(JSON.stringify(value))));

  expect(valid(architecture)).toBe(key);
  expect(decision.encode(architecture)).toHaveLength(decision.encodingLength);
  expect(decision.encode(architecture).every((number) => number >= 0 && number <= 1)).toBe(true);

  const sequence = decision.sequence(architecture);
  expect(canonicalJson(decision.rebuild(sequence.map(({ option }) => option)))).toBe(key);
  const walk = decision.walk();
  let step = walk.next(Number.NaN);
  for (const { path, options, option } of sequence) {
    expect(step.value).toEqual({ path, options });
    step = walk.next(option);
  }
  expect(step.done).toBe(true);

  const mate = decision.sample(random);
  const child = decision.crossover(architecture, mate, random);
  expect(valid(child)).toBe(canonicalJson(child));
  const parents = [...sequence, ...decision.sequence(mate)].map(({ path, options, option }) => path + options[option]);
  if (!shifting) {
    for (const { path, options, option } of decision.sequence(child)) expect(parents).toContain(path + options[option]);
    if (disagreements(sequence, decision.sequence(mate)).length >= SEVERAL) {
      expectBothParents(decision, architecture, mate, random);
    }
  }

  if (decision.size() === 1n) return;
  const mutated = decision.mutate(architecture, random);
  const checked = [mutated];
  for (const neighbour of decision.neighbours(architecture)) {
    if (checked.length > neighbourLimit) break;
    checked.push(neighbour);
  }
  for (const neighbour of checked) {
    expect(valid(neighbour)).not.toBe(key);
    const differing = disagreements(sequence, decision.sequence(neighbour)).length;
    if (shifting) expect(differing).toBeGreaterThan(0);
    else expect(differing).toBe(1);
    expect(decision.encode(neighbour)).not.toEqual(decision.encode(architecture));
  }
  expect(new Set(checked.slice(1).map(canonicalJson)).size).toBe(checked.length - 1);
}

/** Where parents disagree on so many decisions that a child may take some from each. */
const SEVERAL = 3;

/** Children that would all take the same parent's side with a chance of 2^-48 at most. */
const CHILDREN = 24;

/** Of some children one takes decisions from both parents, among those on which they disagree. */
function expectBothParents<A extends Json>(decision: Decision<A>, first: A, second: A, random: Random): void {
  const [ofFirst, ofSecond] = [decision.sequence(first), decision.sequence(second)];
  const contested = disagreements(ofFirst, ofSecond);
  const answersOn = (sequence: Decided[]) =>
    sequence.filter(({ path }) => contested.includes(path)).map(({ path, options, option }) => path + options[option]);
  const children = Array.from({ length: CHILDREN }, () =>
    answersOn(decision.sequence(decision.crossover(first, second, random))),
  );
  const takes = (child: string[], parent: Decided[]) => answersOn(parent).some((answer) => child.includes(answer));
  expect(children.some((child) => takes(child, ofFirst) && takes(child, ofSecond))).toBe(true);
}

/** Checks a description small enough to list: sizes, symmetric neighbours that mutation draws from, and reachability. */
export function expectSmallLaws<A extends Json>(decision: Decision<A>, { isolated = false }: Freedoms = {}): void {
  const all = [...decision.enumerate()].map(canonicalJson);
  expect(BigInt(all.length)).toBe(decision.size());
  const neighbours = new Map(
    [...decision.enumerate()].map((one) => [
      canonicalJson(one),
      new Set([...decision.neighbours(one)].map(canonicalJson)),
    ]),
  );
  expect(neighbours.size).toBe(all.length);
  expect(new Set([...decision.enumerate()].map((one) => String(decision.encode(one)))).size).toBe(all.length);
  for (const [one, others] of neighbours) for (const other of others) expect(neighbours.get(other)).toContain(one);
  expectGrowthLaws(decision);
  if (isolated) return;
  const reached = new Set(all.slice(0, 1));
  for (const one of reached) for (const other of neighbours.get(one) ?? []) reached.add(other);
  expect(reached.size).toBe(all.length);
  if (all.length === 1) return;
  const random = new Random(1);
  for (const one of decision.enumerate()) {
    expect(neighbours.get(canonicalJson(one))).toContain(canonicalJson(decision.mutate(one, random)));
  }
}

/** What an edit grows, another shrinks back; together with those that do neither they are all edits. */
function expectGrowthLaws<A extends Json>(decision: Decision<A>): void {
  const grown: string[] = [];
  const shrunk: string[] = [];
  for (const one of decision.enumerate()) {
    const key = canonicalJson(one);
    for (const { alternatives, every } of decision.revisions(one)) {
      for (const option of alternatives) {
        const editsThat = (growth: Growth) => [...every(option, growth)].map(canonicalJson);
        const [larger, smaller, equal] = [editsThat('grows'), editsThat('shrinks'), editsThat('stays')];
        expect([...larger, ...smaller, ...equal].sort()).toEqual([...every(option)].map(canonicalJson).sort());
        grown.push(...larger.map((other) => `${key} ${other}`));
        shrunk.push(...smaller.map((other) => `${other} ${key}`));
      }
    }
  }
  expect(grown.sort()).toEqual(shrunk.sort());
}

/**
 * The chi-square statistic of uniform sampling, standardised: about N(0, 1) if every architecture is as likely as the
 * others (Wilson and Hilferty 1931).
 */
export function uniformityScore<A extends Json>(decision: Decision<A>, draws: number, seed: number): number {
  const random = new Random(seed);
  const counts = new Map([...decision.enumerate()].map((one) => [canonicalJson(one), 0]));
  for (let draw = 0; draw < draws; draw++) {
    const key = canonicalJson(decision.sample(random));
    counts.set(key, (counts.get(key) ?? Number.NaN) + 1);
  }
  const expected = draws / counts.size;
  const statistic = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const degrees = counts.size - 1;
  const variance = 2 / (9 * degrees);
  return (Math.cbrt(statistic / degrees) - (1 - variance)) / Math.sqrt(variance);
}
