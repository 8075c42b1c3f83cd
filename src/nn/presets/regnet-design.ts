/** @file How a RegNet's few numbers become the widths and depths of stages (Radosavovic et al. 2020, section 3.3). */
import { makeDivisible, roundHalfEven } from '../rounding.js';

/** Block j is w0 + wa·j wide (equation 2), which is then quantised to powers of wm (equations 3 and 4). */
export interface RegNetDesign {
  /** d: blocks of the whole network. */
  readonly depth: number;
  /** w0: width of the first block, a multiple of 8. */
  readonly initialWidth: number;
  /** wa: by how much the width grows with each block, at least 0. */
  readonly slope: number;
  /** wm: the factor between widths of stages, above 1. */
  readonly multiplier: number;
  /** g: channels of a group of the 3×3 convolutions. */
  readonly groupWidth: number;
  /** b: channels of the 3×3 convolutions for each of the block's. Default 1, as in all published designs. */
  readonly bottleneckRatio?: number;
}

/** A stage of alike blocks. */
export interface RegNetStage {
  readonly depth: number;
  /** Channels that its blocks give. */
  readonly width: number;
  /** Channels of the 3×3 convolutions. */
  readonly innerWidth: number;
  /** Channels of a group, which divides the inner width. */
  readonly groupWidth: number;
}

/**
 * How inner widths become multiples of the group's: `half-even` to the nearest, as the paper's code (pycls) does, and
 * `make-divisible` with halves up and never below 90 %, as torchvision does, whose X-400MF and Y-800MF are wider for it.
 */
export type RegNetRounding = 'half-even' | 'make-divisible';

/** Widths are multiples of it. */
const QUANTUM = 8;

/**
 * The width of each block before groups are fitted.
 * @throws {RangeError} where no RegNet has such numbers
 */
export function quantizedWidths({
  depth,
  initialWidth,
  slope,
  multiplier,
}: Omit<RegNetDesign, 'groupWidth'>): number[] {
  if (!(initialWidth > 0 && initialWidth % QUANTUM === 0 && slope >= 0 && multiplier > 1)) {
    throw new RangeError(
      `a RegNet needs w0 > 0 in multiples of ${QUANTUM}, wa >= 0 and wm > 1, not ${initialWidth}, ${slope} and ${multiplier}`,
    );
  }
  return Array.from({ length: depth }, (_, block) => {
    const power = roundHalfEven(Math.log((initialWidth + slope * block) / initialWidth) / Math.log(multiplier));
    return roundHalfEven((initialWidth * multiplier ** power) / QUANTUM) * QUANTUM;
  });
}

/** The stages of a design, each a run of blocks of one width, with widths that groups divide. Default rounding `half-even`. */
export function regnetStages(design: RegNetDesign, rounding: RegNetRounding = 'half-even'): RegNetStage[] {
  const depths = new Map<number, number>();
  for (const width of quantizedWidths(design)) depths.set(width, (depths.get(width) ?? 0) + 1);
  return [...depths].map(([width, depth]) => ({ depth, ...fitGroups(width, design, rounding) }));
}

function fitGroups(
  width: number,
  { groupWidth, bottleneckRatio = 1 }: RegNetDesign,
  rounding: RegNetRounding,
): Omit<RegNetStage, 'depth'> {
  const inner = Math.max(1, Math.floor(width * bottleneckRatio));
  const group = Math.min(groupWidth, inner);
  // The width itself, inner / ratio, must be whole where the ratio is above 1.
  const unit = bottleneckRatio > 1 ? leastCommonMultiple(group, bottleneckRatio) : group;
  const fitted =
    rounding === 'make-divisible' ? makeDivisible(inner, unit) : Math.max(unit, roundHalfEven(inner / unit) * unit);
  return { width: Math.floor(fitted / bottleneckRatio), innerWidth: fitted, groupWidth: group };
}

function leastCommonMultiple(a: number, b: number): number {
  const greatestCommonDivisor = (x: number, y: number): number => (y === 0 ? x : greatestCommonDivisor(y, x % y));
  return (a / greatestCommonDivisor(a, b)) * b;
}
