/** @file An evaluation of one's own: how well a network with random weights tells the classes apart. */
import { loadDataset, measureLatency, nn } from 'nasturtium';
import { channelStatistics, resizeImages, subset } from 'nasturtium/data';
import { defineEvaluation } from 'nasturtium/evaluation';
import { z } from 'zod';

export default defineEvaluation({
  name: 'random-weights',
  title: 'The nearest class mean among the outputs of a network that is not trained',
  paper: 'Saxe et al., On Random Weights and Unsupervised Feature Learning, ICML 2011',
  description: 'A score within a second. It says which structures suit the images, not which networks learn well.',
  settings: z.strictObject({
    images: z.int().min(100).default(1000).describe('Training images that the class means are taken of.'),
  }),
  measure: {
    metrics: { untrained: { title: 'accuracy without training', format: 'percent', direction: 'max' } },
    score: 'untrained',
  },
  create: ({ images }) => ({
    leastFidelity: ({ classes }) => classes / images,
    async evaluate({ candidate, data, seed, fidelity, threads, keep }, { engine, artifacts }) {
      const network = nn.Network.fromJson(candidate.network);
      const { train, valid, classes } = await loadDataset(data.reference, { seed: data.seed });
      // The size of the images may be a decision of the space.
      const known = resizeImages(
        subset(train, Math.min(train.count, Math.round(fidelity * images)), seed),
        network.input.height,
      );
      const asked = resizeImages(valid, network.input.height);
      const weights = nn.initialWeights(network, seed);
      const bytes = nn.exportOnnx(network, weights, { normalization: channelStatistics(known) });
      const model = await engine.load(bytes, { threads });
      try {
        const means = classMeans(await outputsOf(model, known), known.labels, classes.length);
        const nearest = (await outputsOf(model, asked)).map((output) => nearestOf(means, output));
        const right = nearest.filter((label, image) => label === valid.labels[image]).length;
        const input = { name: 'images', batch: 1, ...network.input };
        const { median } = await measureLatency(engine, { bytes, input }, { runs: 50 });
        return {
          metrics: { untrained: right / valid.count },
          costs: { latencyMs: median },
          ...(keep && { artifacts: { model: await artifacts.put(bytes) } }),
        };
      } finally {
        await model.release();
      }
    },
  }),
});

/** What the network gives for each of the images. */
async function outputsOf(model, { count, channels, height, width, pixels }) {
  const images = { shape: [count, channels, height, width], data: Float32Array.from(pixels) };
  const { logits } = await model.run({ images });
  const size = logits.data.length / count;
  return Array.from({ length: count }, (_, image) => logits.data.slice(image * size, (image + 1) * size));
}

function classMeans(outputs, labels, classes) {
  return Array.from({ length: classes }, (_, label) => {
    const own = outputs.filter((_, image) => labels[image] === label);
    return outputs[0].map((_, place) => own.reduce((sum, output) => sum + output[place], 0) / own.length);
  });
}

function nearestOf(means, output) {
  const distances = means.map((mean) => mean.reduce((sum, value, place) => sum + (value - output[place]) ** 2, 0));
  return distances.indexOf(Math.min(...distances));
}
