/** @file The final networks of ENAS (Pham et al. 2018), as its released code builds them for CIFAR-10. */
import type { Preset } from '../../nn/presets/preset.js';
import { parseMacroArc, parseMicroArc, publishedMacroArc, publishedMicroArc } from './enas-arc.js';
import { enasMacroNetwork, releasedOperators } from './enas-macro-network.js';
import { enasMicroNetwork, enasOperators } from './enas-micro-network.js';

export const ENAS_PAPER = 'Pham et al., Efficient Neural Architecture Search via Parameter Sharing, ICML 2018';

const cifar10 = { paper: ENAS_PAPER, input: { channels: 3, height: 32, width: 32 }, classes: 10 } as const;

const micro = (auxiliary: boolean): Preset['build'] => {
  const cells = parseMicroArc(publishedMicroArc, enasOperators);
  const skeleton = { channels: 36, cells: 15, skeleton: 'final', auxiliary, operators: enasOperators } as const;
  return (target) => enasMicroNetwork(cells, { ...target, ...skeleton });
};

/** By name; the one with `_auxiliary` has the second classifier that training adds to the loss. */
export const enasNetworks: Readonly<Record<string, Preset>> = {
  enas_micro: { ...cifar10, title: 'ENAS, micro space (L = 15, F = 36)', build: micro(false) },
  enas_micro_auxiliary: {
    ...cifar10,
    title: 'ENAS, micro space (L = 15, F = 36); with the auxiliary head for training',
    build: micro(true),
  },
  enas_macro: {
    ...cifar10,
    title: 'ENAS, macro space (L = 24, F = 96), separable convolutions as released: dense',
    build: (target) =>
      enasMacroNetwork(parseMacroArc(publishedMacroArc, releasedOperators), {
        ...target,
        operators: releasedOperators,
        channels: 96,
        skeleton: 'final',
      }),
  },
};
