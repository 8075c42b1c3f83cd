/** @file The first stage of MCUNet's search (Lin et al. 2020, section 3.1): which of the 108 spaces suits a microcontroller. */
import { int8Memory } from '../nn/int8-memory.js';
import type { PeakOptions } from '../nn/peak-activation.js';
import type { Random } from '../random.js';
import { type McunetArchitecture, mcunet, mcunetResolutions, mcunetWidths } from './mcunet.js';
import type { BuildTarget, SearchSpace } from './space.js';

/** What a microcontroller has, less what code and buffers take. */
export interface McunetLimits extends PeakOptions {
  /** For 8-bit feature maps. */
  readonly sramBytes: number;
  /** For 8-bit weights. */
  readonly flashBytes: number;
}

/** What samples of one of the spaces cost. */
export interface McunetGridScore {
  readonly resolution: number;
  readonly width: number;
  /** Samples within the limits. */
  readonly feasible: number;
  /** Mean over them; 0 if there are none. */
  readonly meanMacs: number;
  readonly meanParams: number;
}

/** How the points of the grid are compared. */
export interface McunetGridOptions {
  /** Architectures drawn from each space. Default 1000, as in the paper. */
  readonly samples?: number;
  readonly random: Random;
}

/**
 * The spaces of the grid, best first: that with the most multiply-accumulates on average among samples within the limits,
 * since within one family of networks more computation mostly gives a higher accuracy. Nothing is trained. Of equal ones
 * that with fewer parameters comes first.
 */
export function rankMcunetGrid(
  limits: McunetLimits,
  target: BuildTarget,
  { samples = 1000, random }: McunetGridOptions,
): McunetGridScore[] {
  const scores = mcunetResolutions.flatMap((resolution) =>
    mcunetWidths.map((width) => ({
      resolution,
      width,
      ...scoreOf(mcunet({ resolution, width }), limits, target, samples, random.stream(resolution, width)),
    })),
  );
  return scores.sort((one, other) => other.meanMacs - one.meanMacs || one.meanParams - other.meanParams);
}

function scoreOf(
  space: SearchSpace<McunetArchitecture>,
  { sramBytes, flashBytes, ...options }: McunetLimits,
  target: BuildTarget,
  samples: number,
  random: Random,
): Pick<McunetGridScore, 'feasible' | 'meanMacs' | 'meanParams'> {
  let [feasible, macs, params] = [0, 0, 0];
  for (let sample = 0; sample < samples; sample++) {
    const network = space.build(space.decisions.sample(random), target);
    const memory = int8Memory(network, options);
    if (memory.sramBytes > sramBytes || memory.flashBytes > flashBytes) continue;
    const cost = network.cost();
    feasible++;
    macs += cost.macs;
    params += cost.params;
  }
  const mean = (sum: number) => (feasible === 0 ? 0 : sum / feasible);
  return { feasible, meanMacs: mean(macs), meanParams: mean(params) };
}
