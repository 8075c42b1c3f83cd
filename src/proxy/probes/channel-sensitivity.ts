/** @file How much the loss feels the scale of each output channel of convolutions and linear layers. */
import { globalAvgPool, mul, reduceMean, type Tensor } from '../../tensor/index.js';
import { arrayOf, flat, type Probe, parts } from '../probe.js';

/** The mean over images of (Σ over pixels of a · ∂L/∂a)², one number a channel, one array a weighted layer. */
export const channelSensitivity: Probe<readonly Float64Array[]> = {
  name: 'channelSensitivity',
  tensors(graph) {
    const outputs = graph.weighted.map(({ layer }) => graph.feature(layer));
    const means = graph.lossGradients(outputs).map((gradient, position) => {
      const perImage = meanOverPixels(mul(outputs[position] ?? gradient, gradient));
      return reduceMean(mul(perImage, perImage), [0]);
    });
    return { squares: flat(means) };
  },
  read(arrays, { weighted }) {
    const shapes = weighted.map(({ layer }) => layer.shape.slice(0, 1));
    return parts(arrayOf(arrays, 'squares'), shapes).map((squares, position) => {
      const { channelElements = 1 } = weighted[position]?.layer ?? {};
      return Float64Array.from(squares, (square) => square * channelElements ** 2);
    });
  },
};

/** [N, C] of [N, C, H, W] or [N, C]. */
const meanOverPixels = (x: Tensor): Tensor => (x.shape.length === 4 ? globalAvgPool(x) : x);
