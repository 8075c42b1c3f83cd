/** @file The MD5 digest (RFC 1321), for fingerprints that were published with it; platforms have it only here and there. */

/** Bits by which the four rounds rotate, four steps each in turn (section 3.4). */
const rotations = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];

/** Of each step: what it adds, by how much it rotates, and which word of the block it takes in. */
const steps = Array.from({ length: 64 }, (_, step) => ({
  sine: Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1))) | 0,
  rotation: rotations[step >> 4]?.[step & 3] ?? 0,
  word: [step, 5 * step + 1, 3 * step + 5, 7 * step].map((word) => word & 15)[step >> 4] ?? 0,
}));

/** 32 hexadecimal digits. */
export function md5(text: string): string {
  const words = paddedWords(new TextEncoder().encode(text));
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let block = 0; block < words.length; block += 16) digest(state, words.subarray(block, block + 16));
  return Array.from(new Uint8Array(state.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A bit, zeros, and the length in bits fill up the last block of 512 (sections 3.1 and 3.2). */
function paddedWords(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(16 * (1 + ((bytes.length + 8) >> 6)));
  const view = new Uint8Array(words.buffer);
  view.set(bytes);
  view[bytes.length] = 0x80;
  words[words.length - 2] = 8 * bytes.length;
  return words;
}

/** Takes a block of 16 words into the state (section 3.4). */
function digest(state: Int32Array, words: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  steps.forEach(({ sine, rotation, word }, step) => {
    const sum = a + mixed(step >> 4, b, c, d) + sine + (words[word] ?? 0);
    [a, b, c, d] = [d, (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0, b, c];
  });
  [a, b, c, d].forEach((value, index) => {
    state[index] = (state[index] ?? 0) + value;
  });
}

/** The functions F, G, H and I. */
function mixed(round: number, x: number, y: number, z: number): number {
  if (round === 0) return (x & y) | (~x & z);
  if (round === 1) return (x & z) | (y & ~z);
  return round === 2 ? x ^ y ^ z : y ^ (x | ~z);
}
