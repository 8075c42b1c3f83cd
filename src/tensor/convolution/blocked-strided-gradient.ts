/** @file The input gradient of a strided convolution in ONNX Runtime's blocked layout. */
import { blockedConv, paddedChannels } from '../blocked.js';
import type { Lowering, Tensor } from '../tensor.js';
import type { Adjoint } from './geometry.js';
import { spatial } from './standard.js';

/** Along one axis: pixel s·q + r of x takes dy at q + first, …, each by a tap of the kernel, or by none (null). */
interface Phases {
  /** For each remainder r the taps, in the order of dy. */
  readonly taps: readonly (readonly (number | null)[])[];
  readonly before: number;
  readonly after: number;
  /** How many q there are. */
  readonly count: number;
}

/** The input pixels of one remainder meet the same taps: (r + padding − tap) must be a multiple of the stride. */
function phasesOf(size: number, kernel: number, stride: number, padding: number, outputs: number): Phases {
  const first = Math.ceil((padding - kernel + 1) / stride);
  const last = Math.floor((stride - 1 + padding) / stride);
  const count = Math.ceil(size / stride);
  const window = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const taps = Array.from({ length: stride }, (_, remainder) =>
    window.map((offset) => {
      const tap = remainder + padding - stride * offset;
      return tap >= 0 && tap < kernel ? tap : null;
    }),
  );
  return { taps, before: -first, after: count + last - outputs, count };
}

/**
 * One convolution of dy without stride, whose outputs are the channels of x once for each remainder of a pixel's position;
 * then the remainders take their places. Spreading dy by zeros instead would multiply mostly zeros.
 *
 * @returns the name of the blocked value, or `null` where this form does not serve
 */
export function stridedInputGradient(
  lowering: Lowering,
  { stride, padding, dilation, shape }: Adjoint,
  dy: Tensor,
  weight: Tensor,
  blocks: number,
): string | null {
  if ((stride[0] === 1 && stride[1] === 1) || dilation[0] !== 1 || dilation[1] !== 1) return null;
  const [batch = 1, inputs = 1, height = 1, width = 1] = shape;
  const [kernelHeight, kernelWidth] = spatial(weight.shape);
  const [rows, columns] = spatial(dy.shape);
  const vertical = phasesOf(height, kernelHeight, stride[0], padding[0], rows);
  const horizontal = phasesOf(width, kernelWidth, stride[1], padding[1], columns);
  const pads = [vertical.before, horizontal.before, vertical.after, horizontal.after];
  if (pads.some((size) => size < 0)) return null;
  const taps = vertical.taps.flatMap((down) =>
    horizontal.taps.flatMap((across) =>
      down.flatMap((row) =>
        across.map((column) =>
          row === null || column === null ? kernelHeight * kernelWidth : row * kernelWidth + column,
        ),
      ),
    ),
  );
  const window = [vertical.taps[0]?.length ?? 0, horizontal.taps[0]?.length ?? 0];
  const kernel = phaseWeight(lowering, weight, taps, stride[0] * stride[1], window, blocks);
  const phases = blockedConv(lowering, lowering.blocked(dy), kernel, { kernel: window, pads });
  const padded = paddedChannels(inputs, blocks);
  const [down, across] = [vertical.count, horizontal.count];
  const split = [batch, stride[0], stride[1], padded / blocks, down, across, blocks];
  const placed = lowering.node('Transpose', [lowering.node('Reshape', [phases, lowering.integers(split)])], {
    perm: [0, 3, 4, 1, 5, 2, 6],
  });
  return cropped(lowering, placed, [batch, padded, height, width], [down * stride[0], across * stride[1]], blocks);
}

/** The weight [O, I, h, w] as one of `phases` · I outputs and O inputs, blocked: its taps gathered, the index behind the last is zero. */
function phaseWeight(
  lowering: Lowering,
  weight: Tensor,
  taps: readonly number[],
  phases: number,
  window: readonly number[],
  blocks: number,
): string {
  const [outputs = 1, inputs = 1, height = 1, width = 1] = weight.shape;
  const [paddedOutputs, paddedInputs] = [paddedChannels(outputs, blocks), paddedChannels(inputs, blocks)];
  const flat = lowering.node('Reshape', [lowering.plain(weight), lowering.integers([outputs, inputs, height * width])]);
  const missing = [0, 0, 0, paddedOutputs - outputs, paddedInputs - inputs, 1];
  const padded = lowering.node('Pad', [flat, lowering.integers(missing)]);
  const gathered = lowering.node('Gather', [padded, lowering.integers(taps)], { axis: 2 });
  const split = lowering.node('Reshape', [
    gathered,
    lowering.integers([paddedOutputs / blocks, blocks, paddedInputs / blocks, blocks, phases, taps.length / phases]),
  ]);
  const blocked = lowering.node('Transpose', [split], { perm: [4, 2, 0, 5, 1, 3] });
  return lowering.node('Reshape', [blocked, lowering.integers([phases * paddedInputs, paddedOutputs, ...window])]);
}

/** A blocked value of `from` rows and columns as one of `shape`, which may have fewer. */
function cropped(
  lowering: Lowering,
  value: string,
  shape: readonly [number, number, number, number],
  [rows, columns]: readonly [number, number],
  blocks: number,
): string {
  const [batch, channels, height, width] = shape;
  const whole = lowering.node('Reshape', [
    value,
    lowering.integers([(batch * channels) / blocks, rows, columns, blocks]),
  ]);
  const inner =
    rows === height && columns === width
      ? whole
      : lowering.node('Slice', [
          whole,
          lowering.integers([0, 0]),
          lowering.integers([height, width]),
          lowering.integers([1, 2]),
        ]);
  return lowering.node('Reshape', [inner, lowering.integers(shape)]);
}
