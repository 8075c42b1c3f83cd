/** @file What the training benchmark trains: the reference networks, and random ones that nobody tuned for. */
import { UsageError } from '../error.js';
import type { Network } from '../nn/network.js';
import { benchmarkNetworks } from '../nn/presets/benchmark.js';
import { Random } from '../random.js';
import { mobile } from '../space/mobile.js';
import { nasBench201 } from '../space/nas-bench-201.js';

/** A network with the batch that it is trained on; its output is one number a class. */
export interface Workload {
  readonly name: string;
  readonly network: Network;
  readonly batch: number;
}

/**
 * Reference networks by name; all of them where none is named.
 *
 * @throws {UsageError} where the name is unknown
 */
export function referenceWorkloads(names: readonly string[]): Workload[] {
  const chosen = names.length > 0 ? names : Object.keys(benchmarkNetworks);
  return chosen.map((name) => {
    const preset = Object.hasOwn(benchmarkNetworks, name) ? benchmarkNetworks[name] : undefined;
    if (preset !== undefined) return { name, network: preset.build(preset), batch: preset.batch };
    throw new UsageError(
      `There is no reference network "${name}": they are ${Object.keys(benchmarkNetworks).join(', ')}.`,
    );
  });
}

const IMAGES = [
  { channels: 3, height: 16, width: 16 },
  { channels: 1, height: 28, width: 28 },
] as const;
const BATCHES = [32, 64, 128] as const;
/** Of the first stage of a NAS-Bench-201 skeleton. */
const CELL_CHANNELS = [4, 8, 16, 32] as const;

/** Small networks in turn of the space `mobile` and of NAS-Bench-201, with images of 16×16 or 28×28 and batches of 32 to 128. */
export function randomWorkloads(count: number, seed: number): Workload[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, index) => {
    const image = random.pick(IMAGES);
    const batch = random.pick(BATCHES);
    const target = { ...image, classes: 10 };
    const where = `${image.height}x${image.width} batch ${batch}`;
    if (index % 2 === 0) {
      return {
        name: `mobile-${index} ${where}`,
        network: mobile.build(mobile.decisions.sample(random), target),
        batch,
      };
    }
    const channels = random.pick(CELL_CHANNELS);
    const space = nasBench201({ channels, cells: 1 });
    const name = `nas-bench-201-${index} C${channels} ${where}`;
    return { name, network: space.build(space.decisions.sample(random), target), batch };
  });
}
