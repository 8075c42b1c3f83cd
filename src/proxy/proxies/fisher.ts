/** @file The Fisher information of channels, counted once a weight. */
import { elementCount } from '../../tensor/index.js';
import { severalClasses, weights } from '../need.js';
import { channelSensitivity } from '../probes/channel-sensitivity.js';
import { defineProxy, sumOver } from '../proxy.js';

export const fisher = defineProxy({
  name: 'fisher',
  title: 'Fisher information of channels',
  paper:
    'Theis et al., Faster gaze prediction with dense networks and Fisher pruning, 2018; Turner et al., BlockSwap, ICLR 2020',
  description:
    'Half the mean over images of (Σ over pixels of a · ∂L/∂a)², a number an output channel, times the weights of the channel.',
  weakness:
    'A square of a square: a few channels make up the sum, and it orders networks worst of the gradient scores.',
  needs: [weights, severalClasses],
  probes: [channelSensitivity],
  score: (measured) =>
    sumOver(measured.of(channelSensitivity), (channels, position) => {
      const [, ...perChannel] = measured.graph.weighted[position]?.weight.shape ?? [];
      return 0.5 * elementCount(perChannel) * channels.reduce((sum, square) => sum + square, 0);
    }),
});
