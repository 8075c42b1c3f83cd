/**
 * @file The order in which NAS-Bench-201 numbers its cells: its authors shuffled them with Python's generator and the seed 88
 * (Dong and Yang, AutoDL-Projects, exps/NAS-Bench-201/main.py, generate_meta_info).
 */

/** Operators of an edge, and edges of a cell. */
const OPERATORS = 5;
const EDGES = 6;

/** Cells of the benchmark. */
export const NAS_BENCH_201_CELLS = OPERATORS ** EDGES;

const SEED = 88;

/**
 * By the number of a cell in the benchmark, its place in the enumeration in which the last edge changes fastest and operators
 * come as none, skip_connect, nor_conv_1x1, nor_conv_3x3, avg_pool_3x3.
 */
export function nasBench201Order(): readonly number[] {
  order ??= shuffled(NAS_BENCH_201_CELLS);
  return order;
}

let order: readonly number[] | undefined;

/** Python's `random.shuffle` of 0, 1, 2, … */
function shuffled(count: number): number[] {
  const items = Array.from({ length: count }, (_, index) => index);
  const next = mersenneTwister(SEED);
  for (let last = count - 1; last > 0; last--) {
    const bits = 32 - Math.clz32(last + 1);
    let other = next() >>> (32 - bits);
    while (other > last) other = next() >>> (32 - bits);
    [items[last], items[other]] = [items[other] ?? 0, items[last] ?? 0];
  }
  return items;
}

const WORDS = 624;

/**
 * 32 random bits at a time as MT19937 draws them (Matsumoto and Nishimura 1998), seeded by `init_by_array` as Python seeds it
 * with a whole number.
 */
function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(WORDS);
  const at = (index: number): number => state[index % WORDS] ?? 0;
  const mixed = (index: number, factor: number) => Math.imul(at(index) ^ (at(index) >>> 30), factor);
  state[0] = 19_650_218;
  for (let index = 1; index < WORDS; index++) state[index] = mixed(index - 1, 1_812_433_253) + index;
  let place = 1;
  const step = (value: (index: number) => number) => {
    state[place] = value(place);
    if (++place < WORDS) return;
    state[0] = at(WORDS - 1);
    place = 1;
  };
  for (let count = 0; count < WORDS; count++) step((index) => (at(index) ^ mixed(index - 1, 1_664_525)) + seed);
  for (let count = 1; count < WORDS; count++) step((index) => (at(index) ^ mixed(index - 1, 1_566_083_941)) - index);
  state[0] = 0x80000000;
  let drawn = WORDS;
  return () => {
    if (drawn === WORDS) {
      for (let index = 0; index < WORDS; index++) {
        const word = (at(index) & 0x80000000) | (at(index + 1) & 0x7fffffff);
        state[index] = at(index + 397) ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0);
      }
      drawn = 0;
    }
    let bits = at(drawn++);
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  };
}
