/** @file Seeded random numbers: every draw in the project comes from a `Random` that was passed in. */
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A seeded, stateful stream of random numbers. The same seed and path give the same stream everywhere. */
export class Random {
  #generator: RandomGenerator;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed | 0;
    this.#generator = xoroshiro128plus(mix(this.#seed));
  }

  /** An independent stream for one concern, such as `stream('mutation')` or `stream('trial', 17)`. Does not advance this one. */
  stream(...path: readonly (string | number)[]): Random {
    return new Random(deriveSeed(this.#seed, ...path));
  }

  /** Where the stream is: what `position = …` of one with the same seed goes on from. Four whole numbers. */
  get position(): readonly number[] {
    return this.#generator.getState();
  }

  set position(position: readonly number[]) {
    this.#generator = xoroshiro128plusFromState(position);
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    return this.#generator.next() >>> 0;
  }

  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number {
    return ((this.bits() >>> 5) * 67_108_864 + (this.bits() >>> 6)) / 9_007_199_254_740_992;
  }

  /** A uniform integer in [0, `count`), `count` at most 2^32. */
  integer(count: number): number {
    const limit = 4_294_967_296 - (4_294_967_296 % count);
    let draw = this.bits();
    while (draw >= limit) draw = this.bits();
    return draw % count;
  }

  /** A uniform bigint in [0, `count`). */
  bigint(count: bigint): bigint {
    const words = Math.ceil(count.toString(2).length / 32);
    const span = 1n << BigInt(32 * words);
    const limit = span - (span % count);
    for (;;) {
      let draw = 0n;
      for (let word = 0; word < words; word++) draw = (draw << 32n) | BigInt(this.bits());
      if (draw < limit) return draw % count;
    }
  }

  /** A standard normal number (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** One of the items, each as likely as the others. Throws if there are none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.integer(items.length)] as T;
  }

  /** The items in random order (Fisher and Yates), as a new array. */
  shuffle<T>(items: Iterable<T>): T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = shuffled[last] as T;
      shuffled[last] = shuffled[other] as T;
      shuffled[other] = kept;
    }
    return shuffled;
  }
}

/** A 32-bit seed for one concern of a seeded whole (FNV-1a over the path, then mixed). */
export function deriveSeed(seed: number, ...path: readonly (string | number)[]): number {
  let hash = 0x811c9dc5 ^ seed;
  for (const code of path.map((part) => `${typeof part}:${part}\u0000`).join('')) {
    hash = Math.imul(hash ^ (code.codePointAt(0) as number), 0x01000193);
  }
  return mix(hash);
}

/** The finaliser of MurmurHash3: close seeds give far streams. */
function mix(bits: number): number {
  let hash = bits | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
