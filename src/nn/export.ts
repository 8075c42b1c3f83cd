/** @file Export: a trained network becomes an ONNX model that takes pixels and gives probabilities. */
import { constant, emitModel, input, softmax, type Tensor } from '../tensor/index.js';
import { withBatchOf } from './batch-axis.js';
import { foldBatchNorm } from './fold-batch-norm.js';
import { type InputNormalization, normalized } from './input-normalization.js';
import { lowerNetwork } from './lower.js';
import type { Network, ParameterSpec } from './network.js';
import { tensorViews, type Weights } from './weights.js';

/** What a model is exported with beside its weights. */
export interface ExportOptions {
  readonly normalization: InputNormalization;
  /** Folds batch norms into the convolutions before them. Default true. */
  readonly foldBatchNorm?: boolean;
  /** Names of the classes, in the order of the logits; written to the model's metadata as JSON. */
  readonly classes?: readonly string[];
  /** More key-value pairs for the model's metadata. */
  readonly metadata?: { readonly [key: string]: string };
  /** Values of the architecture weights, by name; for relaxed networks only. */
  readonly architecture?: ReadonlyMap<string, readonly number[]>;
}

/**
 * An ONNX model for any batch size N: input `images` [N, C, H, W] float32 of pixels 0 to 255, which it normalises itself;
 * outputs `logits` and `probabilities` [N, classes]. Metadata: `classes`, `input`, and what the caller adds.
 *
 * @throws {RangeError} where the normalisation, the weights or the class names do not fit the network
 */
export function exportOnnx(network: Network, weights: Weights, options: ExportOptions): Uint8Array {
  const { channels, height, width } = network.input;
  const { normalization, classes, metadata } = options;
  if (classes !== undefined && classes.length !== network.outputShape[0]) {
    throw new RangeError(
      `the network tells ${network.outputShape[0]} classes apart, but ${classes.length} names were given`,
    );
  }
  const trained = options.foldBatchNorm === false ? { network, weights } : foldBatchNorm({ network, weights });
  const images = input('images', [1, channels, height, width]);
  const { logits } = lowerNetwork(trained.network, {
    mode: 'inference',
    images: normalized(images, normalization),
    parameters: constants(trained.network.parameters, trained.weights.parameters),
    statistics: constants(trained.network.statistics, trained.weights.statistics),
    architecture: new Map(
      [...(options.architecture ?? [])].map(([name, values]) => [name, constant(values, [values.length])]),
    ),
  });
  // Cells may have no path from input to output: then no logit depends on an image.
  const batched = withBatchOf(images, logits);
  return emitModel(
    { logits: batched, probabilities: softmax(batched) },
    {
      dynamicBatch: true,
      metadata: {
        ...metadata,
        ...(classes && { classes: JSON.stringify(classes) }),
        input: `float32 [N, ${channels}, ${height}, ${width}], pixels 0 to 255`,
      },
    },
  );
}

function constants(specs: readonly ParameterSpec[], flat: Float32Array): Map<string, Tensor> {
  const arrays = tensorViews(specs, flat);
  return new Map(specs.map(({ name, shape }) => [name, constant(arrays.get(name) ?? [], shape)]));
}
