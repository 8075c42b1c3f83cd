/** @file The memory of a microcontroller: published peaks, and in-place depthwise convolutions by hand. */
import { describe, expect, it } from 'vitest';
import { convNorm } from './blocks/index.js';
import type { Feature } from './feature.js';
import { int8Memory } from './int8-memory.js';
import { add, conv2d } from './layers/index.js';
import { Network } from './network.js';
import { mobilenetV2Mcu } from './presets/mcunet.js';
import { mobilenetV2 } from './presets/mobilenet-v2.js';

const map = 8 * 8;
const build = (body: (image: Feature) => Feature) => Network.build({ channels: 4, height: 8, width: 8 }, body);
const depthwise = (x: Feature, stride = 1) => conv2d(x, { out: 4, kernel: 3, groups: 4, stride });

describe('int8Memory', () => {
  it('has the peaks of MobileNetV2 0.35 at 144: 303.75 KiB where MCUNet measured 308 kB, less in place', () => {
    const network = mobilenetV2Mcu.build(mobilenetV2Mcu);
    expect(int8Memory(network).sramBytes).toBe(311_040);
    expect(int8Memory(network, { inPlaceDepthwise: true }).sramBytes).toBe(290_304);
  });

  it('has the peaks of MobileNetV2 at 224', () => {
    const network = mobilenetV2.build(mobilenetV2);
    expect(int8Memory(network).sramBytes).toBe(1_505_280);
    expect(int8Memory(network, { inPlaceDepthwise: true }).sramBytes).toBe(1_404_928);
  });

  it('needs one channel more than the input in place, at any stride', () => {
    expect(int8Memory(build((x) => depthwise(x))).sramBytes).toBe(8 * map);
    expect(
      int8Memory(
        build((x) => depthwise(x)),
        { inPlaceDepthwise: true },
      ).sramBytes,
    ).toBe(5 * map);
    expect(
      int8Memory(
        build((x) => depthwise(x, 2)),
        { inPlaceDepthwise: true },
      ).sramBytes,
    ).toBe(4 * map + map / 4);
  });

  it('frees what a strided convolution in place leaves of its input', () => {
    const network = build((x) => conv2d(depthwise(x, 2), { out: 20, kernel: 1 }));
    expect(int8Memory(network, { inPlaceDepthwise: true }).sramBytes).toBe((24 * map) / 4);
    const longer = build((x) => conv2d(conv2d(depthwise(x, 2), { out: 20, kernel: 1 }), { out: 30, kernel: 1 }));
    expect(int8Memory(longer, { inPlaceDepthwise: true }).sramBytes).toBe((50 * map) / 4);
  });

  it('does not overwrite what is read again', () => {
    const network = build((x) => add([depthwise(x), x]));
    expect(int8Memory(network, { inPlaceDepthwise: true }).sramBytes).toBe(8 * map);
  });

  it('keeps weights in one byte and what belongs to a channel in four', () => {
    const network = build((x) => convNorm(x, { out: 6, kernel: 3 }));
    expect(int8Memory(network).flashBytes).toBe(4 * 6 * 9 + 4 * 2 * 6);
  });
});
