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
import { shufflenets } from './shufflenet.js';
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
  ...shufflenets,
  ...efficientnets,
  ...regnets,
  ...mnasNets,
  ...proxylessNets,
  ...onceForAllNets,
  ...benchmarkNetworks,
};
