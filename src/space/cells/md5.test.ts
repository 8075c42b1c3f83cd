/** @file MD5 digests are those of Node.js, whatever the length. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { md5 } from './md5.js';

// The lengths around a block's end are padded differently.
const lengths = [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000];

test.each(lengths)('of %i characters', (length) => {
  const text = 'Ying et al. 2019, ä\n'.repeat(60).slice(0, length);
  expect(md5(text)).toBe(createHash('md5').update(text).digest('hex'));
});
