/** @file MCUNet's baseline (Lin et al. 2020): MobileNetV2 scaled to a microcontroller of 320 kB. */
import { makeDivisible } from '../rounding.js';
import { buildMobileNetV2 } from './mobilenet-v2.js';
import type { Preset } from './preset.js';

const WIDTH_MULTIPLIER = 0.35;

/** The authors' model zoo has it as `mbv2-w0.35`; unlike the original, its last convolution is scaled, too. */
export const mobilenetV2Mcu: Preset = {
  title: 'MobileNetV2 0.35×, 144×144',
  paper: 'Lin, Chen, Lin, Cohn, Gan and Han 2020: MCUNet: Tiny Deep Learning on IoT Devices',
  input: { channels: 3, height: 144, width: 144 },
  classes: 1000,
  build: (target) =>
    buildMobileNetV2({ ...target, widthMultiplier: WIDTH_MULTIPLIER, last: makeDivisible(1280 * WIDTH_MULTIPLIER) }),
};
