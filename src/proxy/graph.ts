/** @file The one graph in which all scores of a network are measured: what several need is made once. */
import type { Feature, Layer } from '../nn/feature.js';
import { flatViews } from '../nn/flat-tensors.js';
import { type LoweredNetwork, lowerNetwork, neededLayers } from '../nn/lower.js';
import { type Network, type ParameterSpec, type TrainedTensors, trainedTensors } from '../nn/network.js';
import { type NamedShape, tensorViews, type Weights } from '../nn/weights.js';
import { elementCount, gradients, input, type Shape, softmaxCrossEntropy, type Tensor } from '../tensor/index.js';

/** Numbers that do not depend on the data: standard normal, −1 and 1 alike, or uniform in [0, 1). */
export type Distribution = 'normal' | 'sign' | 'uniform';

/** An input of the graph that is drawn. */
export interface DrawnInput {
  readonly name: string;
  readonly shape: Shape;
  readonly distribution: Distribution;
}

/** A layer that multiplies by weights: a convolution or a linear layer. */
export interface WeightedLayer {
  readonly layer: Layer;
  readonly weight: ParameterSpec;
}

/** Reading as in training: batch norms take the statistics of the batch. */
const reading = { mode: 'training' } as const;

/**
 * A network as tensors, with its loss and derivatives, each made when a probe first asks for it. Weights, images and labels are inputs:
 * `images` [N, C, H, W] normalised, `labels` int32 [N], `parameters` [P] and `statistics` [S].
 */
export class ProxyGraph {
  readonly images: Tensor;
  readonly labels: Tensor;
  /** What is computed in training, in its order. */
  readonly layers: readonly Layer[];
  /** What the network is made of; the flat vectors have this order. */
  readonly tensors: TrainedTensors;
  readonly weighted: readonly WeightedLayer[];
  readonly classes: number;
  readonly drawn: DrawnInput[] = [];
  readonly #parameters: ReadonlyMap<string, Tensor>;
  readonly #drawValues: () => Weights;
  #values: Weights | undefined;
  #forward: LoweredNetwork | undefined;
  #loss: Tensor | undefined;
  #lossGradients: ReadonlyMap<Tensor, Tensor> | undefined;

  constructor(
    readonly network: Network,
    readonly batchSize: number,
    draw: () => Weights,
  ) {
    const { channels, height, width } = network.input;
    const [classes] = network.outputShape;
    this.images = input('images', [batchSize, channels, height, width]);
    this.labels = input('labels', [batchSize], 'int32');
    this.layers = neededLayers(network, reading);
    this.tensors = trainedTensors(this.layers);
    this.weighted = weightedLayers(this.layers);
    this.#parameters = flatViews(this.tensors.parameters, input('parameters', [total(this.tensors.parameters)]));
    this.classes = classes ?? 1;
    this.#drawValues = draw;
  }

  /** What the graph will be fed: powers of two that keep numbers within range depend on them. Drawn when first asked for. */
  get values(): Weights {
    this.#values ??= this.#drawValues();
    return this.#values;
  }

  /** The numbers of the weights of {@link weighted}, in the same order. */
  get weightArrays(): readonly Float32Array[] {
    const views = tensorViews(this.tensors.parameters, this.values.parameters);
    return this.weighted.map(({ weight }) => views.get(weight.name) ?? new Float32Array());
  }

  /** Of the network's own weights. */
  parameter({ name }: NamedShape): Tensor {
    const tensor = this.#parameters.get(name);
    if (tensor === undefined) throw new RangeError(`the network has no parameter "${name}"`);
    return tensor;
  }

  /** The weights of {@link weighted}, in their order. */
  get weights(): Tensor[] {
    return this.weighted.map(({ weight }) => this.parameter(weight));
  }

  /** The network on the images, batch norms in training mode. */
  get forward(): LoweredNetwork {
    this.#forward ??= this.lowered(this.images, this.#parameters);
    return this.#forward;
  }

  /** The network on other images or with other weights, as in training. */
  lowered(images: Tensor, parameters: ReadonlyMap<string, Tensor> = this.#parameters): LoweredNetwork {
    const { statistics } = this.tensors;
    return lowerNetwork(this.network, {
      ...reading,
      images,
      parameters,
      statistics: flatViews(statistics, input('statistics', [total(statistics)])),
      noise: (layer, shape) => this.draw(`noise ${layer}`, shape, 'uniform'),
    });
  }

  /** The mean cross-entropy of the network's own classifier. */
  get loss(): Tensor {
    this.#loss ??= softmaxCrossEntropy(this.forward.logits, this.labels);
    return this.#loss;
  }

  /** The derivatives of the loss by weights or by what weighted layers give. */
  lossGradients(of: readonly Tensor[]): Tensor[] {
    this.#lossGradients ??= this.#differentiate();
    const known = this.#lossGradients;
    return of.map((tensor) => {
      const gradient = known.get(tensor);
      if (gradient === undefined) throw new RangeError(`the loss was not differentiated by ${tensor.operator}`);
      return gradient;
    });
  }

  /** One pass backwards serves all: what nobody reads of it is not computed. */
  #differentiate(): ReadonlyMap<Tensor, Tensor> {
    const wrt = [...this.weights, ...this.weighted.map(({ layer }) => this.feature(layer))];
    const derivatives = gradients(this.loss, wrt);
    return new Map(derivatives.map((derivative, position) => [wrt[position] ?? derivative, derivative]));
  }

  /** What a layer gives, or the image. */
  feature(feature: Feature): Tensor {
    const tensor = this.forward.features.get(feature);
    if (tensor === undefined) throw new RangeError(`"${feature.name}" is not computed`);
    return tensor;
  }

  /** The layers that pass or stop elements by their sign, in their order. */
  get rectifiers(): Layer[] {
    return rectifiers(this.layers);
  }

  /** Layers whose output is a map of features [C, H, W], in their order. */
  get maps(): Layer[] {
    return this.layers.filter(({ shape }) => shape.length === 3);
  }

  /** An input of random numbers; the same name is the same input. */
  draw(name: string, shape: Shape, distribution: Distribution): Tensor {
    if (!this.drawn.some((known) => known.name === name)) this.drawn.push({ name, shape, distribution });
    return input(name, shape);
  }
}

/** Whether a tensor holds weights: biases, scales and shifts are vectors. */
const isWeight = ({ shape }: ParameterSpec): boolean => shape.length >= 2;

const weightedLayers = (layers: readonly Layer[]): WeightedLayer[] =>
  layers.flatMap((layer) =>
    trainedTensors([layer])
      .parameters.filter(isWeight)
      .map((weight) => ({ layer, weight })),
  );

const rectifiers = (layers: readonly Layer[]): Layer[] =>
  layers.filter(({ kind, attributes }) => kind.rectifies?.(attributes) ?? false);

const total = (specs: readonly NamedShape[]): number => specs.reduce((sum, { shape }) => sum + elementCount(shape), 0);
