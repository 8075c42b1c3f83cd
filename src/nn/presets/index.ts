/** @file The presets by name. */
import { alexnet } from './alexnet.js';
import { benchmarkNetworks } from './benchmark.js';
import { densenets } from './densenet.js';
import { efficientnets } from './efficientnet.js';
import { mobilenetV2Mcu } from './mcunet.js';
import { mnasNets } from './mnasnet.js';
import { mobilenetV1 } from './mobilenet-v1.js';
import { mobilenetV2 } from './mobilenet-v2.js';
import { mobilenetV3Large, mobilenetV3Small } from './mobilenet-v3.js';
import { onceForAllNets } from './once-for-all.js';
import type { Preset } from './preset.js';
import { proxylessNets } from './proxylessnas.js';
import { regnets } from './regnet.js';
import { resnets } from './resnet.js';
import {
  shufflenetV1Groups1,
  shufflenetV1Groups2,
  shufflenetV1Groups3,
  shufflenetV1Groups4,
  shufflenetV1Groups8,
  shufflenetV2,
  shufflenetV2Double,
  shufflenetV2Half,
  shufflenetV2OneAndHalf,
} from './shufflenet.js';
import { squeezenets } from './squeezenet.js';
import { vggs } from './vgg.js';

/** Published networks, and the small ones of the training benchmark. */
export const presets: Readonly<Record<string, Preset>> = {
  alexnet,
  ...vggs,
  ...resnets,
  ...densenets,
  ...squeezenets,
  mobilenet_v1: mobilenetV1,
  mobilenet_v2: mobilenetV2,
  mobilenet_v2_w0_35_r144: mobilenetV2Mcu,
  mobilenet_v3_large: mobilenetV3Large,
  mobilenet_v3_small: mobilenetV3Small,
  shufflenet_v1_g1: shufflenetV1Groups1,
  shufflenet_v1_g2: shufflenetV1Groups2,
  shufflenet_v1_g3: shufflenetV1Groups3,
  shufflenet_v1_g4: shufflenetV1Groups4,
  shufflenet_v1_g8: shufflenetV1Groups8,
  shufflenet_v2_x0_5: shufflenetV2Half,
  shufflenet_v2_x1_0: shufflenetV2,
  shufflenet_v2_x1_5: shufflenetV2OneAndHalf,
  shufflenet_v2_x2_0: shufflenetV2Double,
  ...efficientnets,
  ...regnets,
  ...mnasNets,
  ...proxylessNets,
  ...onceForAllNets,
  ...benchmarkNetworks,
};
