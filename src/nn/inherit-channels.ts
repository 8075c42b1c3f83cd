/** @file Numbers of convolutions, linear layers and norms at other widths and windows: copies, slices, and zeros where the function must stay. */
import { elementCount } from '../tensor/shape.js';
import type { ChannelMap, ChannelMaps, InheritedTensor, InheritedTensors, Placed, TensorRow } from './layer-kind.js';

/** Groups of a convolution, before and after. */
interface Groups {
  readonly from: number;
  readonly to: number;
}

const ONE_GROUP: Groups = { from: 1, to: 1 };

/**
 * Tensors [out, in of a group, …window], and [out] of one number a channel, under maps of the channels (Chen et al. 2016,
 * section 2.2): rows are copied, and an input that has n copies is read with a weight divided by n. Windows overlap in
 * their middle: a larger one has zeros around, a smaller one is cut.
 */
export function inheritChannels(
  from: Placed,
  to: Placed,
  { inputs: [input = []], output }: ChannelMaps,
  groups = ONE_GROUP,
): InheritedTensors {
  return new Map(
    to.tensors.map((row): [string, InheritedTensor] => {
      const own = to.arrays.get(row.name) ?? new Float32Array(elementCount(row.shape));
      const before = from.tensors.find(({ name, shape }) => name === row.name && shape.length === row.shape.length);
      const old = before && from.arrays.get(row.name);
      if (before === undefined || old === undefined) return [row.name, { numbers: own, taken: 0 }];
      if (row.shape.length === 1) return [row.name, pickedNumbers(old, own, output)];
      return [row.name, pickedWeights({ row: before, numbers: old }, { row, numbers: own }, { input, output }, groups)];
    }),
  );
}

function pickedNumbers(old: Float32Array, own: Float32Array, channels: ChannelMap): InheritedTensor {
  const numbers = own.slice();
  let taken = 0;
  for (const [channel, from] of channels.entries()) {
    if (from < 0) continue;
    numbers[channel] = old[from] ?? 0;
    taken++;
  }
  return { numbers, taken };
}

interface Weight {
  readonly row: TensorRow;
  readonly numbers: Float32Array;
}

function pickedWeights(
  old: Weight,
  own: Weight,
  { input, output }: { readonly input: ChannelMap; readonly output: ChannelMap },
  groups: Groups,
): InheritedTensor {
  const [outBefore = 1, inBefore = 1, ...windowBefore] = old.row.shape;
  const [out = 1, width = 1, ...window] = own.row.shape;
  const overlap = windowOverlap(windowBefore, window);
  const [sizeBefore, size] = [elementCount(windowBefore), elementCount(window)];
  const numbers = own.numbers.slice();
  let taken = 0;
  let group = -1;
  let read: ChannelMap = [];
  let copies = new Map<number, number>();
  for (let row = 0; row < out; row++) {
    const rowBefore = output[row] ?? -1;
    if (rowBefore < 0) continue;
    const groupNow = Math.floor((row * groups.to) / out);
    if (groupNow !== group) {
      group = groupNow;
      read = input.slice(group * width, (group + 1) * width);
      copies = countOf(read);
    }
    const firstBefore = Math.floor((rowBefore * groups.from) / outBefore) * inBefore;
    for (let column = 0; column < width; column++) {
      const channel = read[column] ?? -1;
      const columnBefore = channel - firstBefore;
      const start = (row * width + column) * size;
      if (channel < 0) numbers.fill(0, start, start + size);
      // A channel that the old group did not read keeps what the new layer came with.
      if (channel < 0 || columnBefore < 0 || columnBefore >= inBefore) continue;
      const startBefore = (rowBefore * inBefore + columnBefore) * sizeBefore;
      const share = 1 / (copies.get(channel) ?? 1);
      numbers.fill(0, start, start + size);
      for (const [at, place] of overlap) {
        numbers[start + place] = (old.numbers[startBefore + at] ?? 0) * share;
        taken++;
      }
    }
  }
  return { numbers, taken };
}

function countOf(channels: ChannelMap): Map<number, number> {
  const counts = new Map<number, number>();
  for (const channel of channels) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  return counts;
}

/** Places that two windows share, their middles upon each other: [before, now]. */
function windowOverlap(
  [heightBefore = 1, widthBefore = 1]: readonly number[],
  [height = 1, width = 1]: readonly number[],
): (readonly [number, number])[] {
  const [down, right] = [Math.floor((height - heightBefore) / 2), Math.floor((width - widthBefore) / 2)];
  const places: (readonly [number, number])[] = [];
  for (let y = Math.max(0, -down); y < heightBefore && y + down < height; y++) {
    for (let x = Math.max(0, -right); x < widthBefore && x + right < width; x++) {
      places.push([y * widthBefore + x, (y + down) * width + x + right]);
    }
  }
  return places;
}
