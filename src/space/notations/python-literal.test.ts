/** @file What is read as a Python literal, what is refused, and where. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../error.js';
import { Call, literalIn, readLiteral } from './python-literal.js';

describe('a Python literal', () => {
  it.each([
    ['None', null],
    ['{"a": true, "b": [null, false]}', { a: true, b: [null, false] }],
    ["{'a': True, 2: None,}", { a: true, 2: null }],
    ['(1,)', [1]],
    ['(1)', 1],
    [
      "('a', 0), ('b', 1)",
      [
        ['a', 0],
        ['b', 1],
      ],
    ],
    ['[]', []],
    ['()', []],
    ['{}', {}],
    ['range(2, 6)', [2, 3, 4, 5]],
    ['list(range(4))', [0, 1, 2, 3]],
    ['range(5, 0, -2)', [5, 3, 1]],
    ['[1, # one\n 2, \\\n 3,]  # end', [1, 2, 3]],
    ['x = 5', 5],
    ['x: List[int] = [5]', [5]],
    ['-1.5e2', -150],
    ['[1. 0. .5]', [1, 0, 0.5]],
    [
      '[[0 1]\n [0 0]]',
      [
        [0, 1],
        [0, 0],
      ],
    ],
    ["['a' 'b']", ['a', 'b']],
    ['numpy.array([[0, 1]], dtype=np.int8)', [[0, 1]]],
    ["array(['a'], dtype='<U5')", ['a']],
    ["[np.int64(3), np.str_('a'), u'b', b'c']", [3, 'a', 'b', 'c']],
    ["OrderedDict([('a', 1), ('b', [2])])", { a: 1, b: [2] }],
    ['dict(a=1)', { a: 1 }],
    [String.raw`'it\'s \x41\u00e9\n'`, "it's Aé\n"],
    ['"\\/"', '/'],
    ['{"__proto__": 1}', JSON.parse('{"__proto__": 1}')],
  ])('is read: %s', (text, value) => {
    expect(readLiteral(text)).toEqual(value);
  });

  it('may be one call, by whose names its arguments go', () => {
    const call = readLiteral('genotypes.Genotype([1], concat=range(2))');
    expect(call).toBeInstanceOf(Call);
    expect(call instanceof Call && [...call.named(['edges', 'concat'])]).toEqual([
      ['edges', [1]],
      ['concat', [0, 1]],
    ]);
  });

  it('is JSON, whatever the value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        expect(readLiteral(json)).toEqual(JSON.parse(json));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each([
    ['', 'at column 1, a value must come, but the text ends'],
    ['[1, 2', 'at column 1, "[" is not closed'],
    ['[1, (2]', 'at column 7, "," or ")" must come, but there is "]"'],
    ['{"a" 1}', 'at column 6, ":" must come, but there is "1"'],
    ['{"a": 1, "a": 2}', 'at column 10, the key "a" comes twice'],
    ['{None: 1}', 'at column 2, a key must be text or a number'],
    ["['a]", 'at column 2, the quote is not closed'],
    ['["\\q"]', 'at column 3, a backslash has no meaning'],
    ['[1,\n 2,\n x]', 'at line 3, column 2, "x" stands for nothing, and text must be in quotes'],
    ['[f(1)]', 'at column 2, "f(…)" is nothing that stands within a value'],
    ['[1]]', 'at column 4, the end must come, but there is "]"'],
    ['f(1) 2', 'at column 6, the end must come, but there is "2"'],
    ['[1,,2]', 'at column 4, a value must come, but there is ","'],
    ['[12ab]', 'at column 2, there is no number that can be read'],
    ['1e999', 'at column 1, there is no number that can be read'],
    ['5-3', 'at column 2, the end must come, but there is "-"'],
    ['range(0.5)', 'at column 1, a range must have whole numbers'],
    ['range(0, 1, 0)', 'at column 1, a range must have whole numbers'],
    ['range(1000000000)', 'at column 1, a range has more than 1000 numbers'],
    ['array()', 'at column 1, "array" must have one argument'],
    ['OrderedDict([(1, 2)])', 'at column 1, a dict must be made of pairs'],
    ['f(a=1, a=2)', 'at column 8, the key "a" comes twice'],
    ['['.repeat(100_000), 'at column 201, it goes deeper than 200 levels'],
    ['f('.repeat(100_000), 'goes deeper than 200 levels'],
  ])('is refused with the place: %.40s', (text, problem) => {
    expect(() => readLiteral(text)).toThrow(UsageError);
    expect(() => readLiteral(text)).toThrow(problem);
    expect(literalIn(text)).toBeUndefined();
  });
});
