/** @file What holds for the notations of every space: whatever the text, it is read or refused with a sentence. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../error.js';
import { Random } from '../../random.js';
import { spaces } from '../registry.js';

/** Pieces of all notations, in any order. */
const pieces = fc.constantFrom(
  ...['[', ']', '(', ')', '{', '}', '"', "'", ',', ':', '=', ' ', '\n', '#', '\\', '0', '1', '7', '-1', '1e3', '.'],
  ...['None', 'True', 'range(', 'array(', 'Genotype(', 'ModelSpec(', 'Structure(4 nodes with ', 'normal=', 'x = '],
  ...['"normal"', "'normal_concat'", '"matrix"', '"ops"', '"ks"', '"e"', '"d"', "'sep_conv_3x3'", 'none~0', '|', '+'],
  ...[
    'sep_conv_3x3@0',
    '/',
    'o2_1(',
    '1-2:conv_1x1',
    ';',
    'C(64,3,1)',
    'GAP',
    'SM',
    'd=13',
    'phi=1',
    'r1_k3_s11_e1_i32_o16',
  ],
  ...['k3_o16_relu_x16', '3x3_24', '<0', 'r0.875,o16_s2,', 'Zero', '3x3_MBConv3', '["copy", "add", ', 'é', '\u0000'],
);

describe.each(spaces.map((space) => [space.name, space] as const))('%s', (_, space) => {
  const refusedOrRead = (text: string): void => {
    try {
      space.decisions.validate(space.parse(text));
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      if (error instanceof UsageError) expect(error.message.length).toBeLessThan(3000);
    }
  };

  it('reads or refuses any text, and never fails otherwise', () => {
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.json({ maxDepth: 4 }),
    );
    fc.assert(fc.property(texts, refusedOrRead), { seed: 1, numRuns: 150 });
  });

  it('reads or refuses what is left of an architecture when something is taken out, doubled or changed', () => {
    const random = fc.record({
      seed: fc.nat(),
      notation: fc.constantFrom(...space.notations),
      edit: fc.constantFrom('cut', 'double', 'change'),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      piece: pieces,
    });
    fc.assert(
      fc.property(random, ({ seed, notation, edit, at, piece }) => {
        const text = notation.format(space.decisions.sample(new Random(seed)));
        const place = Math.floor(at * text.length);
        const [before, after] = [text.slice(0, place), text.slice(place)];
        refusedOrRead(
          { cut: before + after.slice(1), double: before + text, change: before + piece + after.slice(1) }[edit],
        );
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it.each(['[', '(', '{"a":', "'", '|', '1 ', 'C', 'a,', '1x', 'a@0+', 'f('])(
    'does not break on a long row of %s',
    (piece) => {
      refusedOrRead(piece.repeat(20_000));
    },
  );
});
