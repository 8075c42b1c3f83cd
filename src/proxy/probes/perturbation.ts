/** @file What a small change of the image does to a network of standard normal weights. */
import { abs, add, mul, reduceMean, reduceSum, reshape, scalar, sub } from '../../tensor/index.js';
import { normalParameters } from '../normal-parameters.js';
import { arrayOf, flat, type Probe } from '../probe.js';

/** By how much of another image it changes (Lin et al. 2021, algorithm 1). */
const SHARE = 0.01;

export interface Perturbation {
  /** The mean over images of the summed absolute changes of the last map of features. */
  readonly change: number;
  /** For each batch norm, the mean over channels of the variances of the unchanged batch. */
  readonly variances: readonly number[];
}

export const perturbation: Probe<Perturbation> = {
  name: 'perturbation',
  tensors(graph) {
    const { images, maps } = graph;
    const image = graph.draw('normal images', images.shape, 'normal');
    const other = graph.draw('other normal images', images.shape, 'normal');
    const parameters = normalParameters(graph);
    const before = graph.lowered(image, parameters);
    const after = graph.lowered(add(image, mul(other, scalar(SHARE))), parameters);
    const last = maps.at(-1) ?? graph.network.image;
    const [from = image, to = image] = [before, after].map(({ features }) => features.get(last));
    const change = reduceMean(reduceSum(abs(sub(from, to)), [1, 2, 3]));
    const variances = [...before.observations]
      .filter(([name]) => name.endsWith('.variance'))
      .map(([, { value }]) => reduceMean(value));
    return { change: reshape(change, [1]), ...(variances.length > 0 && { variances: flat(variances) }) };
  },
  read: (arrays) => ({
    change: arrayOf(arrays, 'change')[0] ?? 0,
    variances: [...(arrays.variances ?? [])],
  }),
};
