import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening } from './event.js';
import { fold, interrupted, step, type Trials } from './trial.js';

const asked = (trial: number): Happening => ({ kind: 'asked', trial, seed: trial, architecture: trial, cost: {} });
const point = (trial: number, epoch: number): Happening => ({
  kind: 'point',
  trial,
  point: { epoch, seconds: 1, values: { validAccuracy: 1 } },
});

const happening = (trial: number): fc.Arbitrary<Happening> =>
  fc.oneof(
    fc.constantFrom<Happening>(
      { kind: 'started', trial },
      { kind: 'completed', trial, score: 1, metrics: { validAccuracy: 1 }, seconds: 2, costs: { latencyMs: 3 } },
      { kind: 'failed', trial, reason: 'diverged', seconds: 1 },
      { kind: 'pruned', trial, reason: 'hopeless', seconds: 1 },
      { kind: 'infeasible', trial, reason: 'slow' },
      { kind: 'interrupted', trial },
      { kind: 'lost', trial, reason: 'killed', seconds: 1, again: true },
      { kind: 'lost', trial, reason: 'killed', seconds: 1, again: false },
      { kind: 'closed', ending: 'interrupted' },
    ),
    fc.nat(9).map((epoch) => point(trial, epoch)),
  );

const log = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.array(fc.nat(3), { maxLength: 30 }))
  .chain(([count, subjects]) =>
    fc
      .tuple(...subjects.map((subject) => happening(subject % count)))
      .map((events) => [...Array.from({ length: count }, (_, trial) => asked(trial)), ...events]),
  );

describe('trials from events', () => {
  it('are the same step by step, in parts and at once', () => {
    fc.assert(
      fc.property(log, fc.nat(), (events, cut) => {
        const place = cut % (events.length + 1);
        const whole = fold([], events);
        expect(events.reduce<Trials>(step, [])).toEqual(whole);
        expect(fold(fold([], events.slice(0, place)), events.slice(place))).toEqual(whole);
      }),
    );
  });

  it('are values: what an event does not concern is shared, and what was before stays', () => {
    const before = fold([], [asked(0), asked(1), point(1, 1)]);
    const after = step(before, point(1, 2));
    expect(before[1]?.curve.map(({ epoch }) => epoch)).toEqual([1]);
    expect(after[1]?.curve.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(after[0]).toBe(before[0]);
    expect(step(after, { kind: 'search-ended', because: 'trials' })).toBe(after);
  });

  it('are refused where an event cannot follow', () => {
    expect(() => step([], { kind: 'started', trial: 0 })).toThrow(RangeError);
    expect(() => fold([], [asked(0), asked(2)])).toThrow('trial 2 is asked where trial 1 is next');
    expect(() => fold([], [asked(0), asked(0)])).toThrow(RangeError);
  });

  it('are interrupted where they ran when nobody works on the study any more', () => {
    const trials = fold([], [asked(0), asked(1), { kind: 'failed', trial: 1, reason: 'diverged', seconds: 1 }]);
    expect(interrupted(trials).map(({ state }) => state)).toEqual(['interrupted', 'failed']);
  });
});
