/** @file The nn room's door. */
export * from './blocks/index.js';
export type { Cost, LayerCost } from './cost.js';
export { type ExportOptions, exportOnnx } from './export.js';
export { addLayer, Feature, type ImageShape, Layer, mapShape, scope } from './feature.js';
export { flatViews, joinTensors } from './flat-tensors.js';
export { foldBatchNorm } from './fold-batch-norm.js';
export { type GrowthNoise, type Inheritance, type InheritOptions, inheritWeights, usualNoise } from './inherit.js';
export {
  constantInitialiser,
  fanInUniform,
  type Initialiser,
  kaimingNormal,
  oneInitialiser,
  zeroInitialiser,
} from './initialiser.js';
export { type InputNormalization, normalized } from './input-normalization.js';
export { type Int8Memory, int8Memory } from './int8-memory.js';
export {
  defineLayerKind,
  type Inputs,
  type LayerAttributes,
  type LayerKind,
  type LayerLowering,
  type MemoryUse,
  type TensorRow,
} from './layer-kind.js';
export * from './layers/index.js';
export { type LoweredNetwork, lowerNetwork, type NetworkLowering } from './lower.js';
export * from './morphisms/index.js';
export {
  type ArchitectureSpec,
  type LayerJson,
  Network,
  type NetworkJson,
  type ParameterSpec,
  type StatisticSpec,
} from './network.js';
export { type AlexNetSettings, buildAlexNet } from './presets/alexnet.js';
export { benchmarkNetworks } from './presets/benchmark.js';
export { buildDenseNet, type DenseNetSettings } from './presets/densenet.js';
export {
  buildEfficientNet,
  compoundScaling,
  type EfficientNetSettings,
  type EfficientNetStage,
} from './presets/efficientnet.js';
export { presets } from './presets/index.js';
export { buildMnasNet, type MnasNetSettings } from './presets/mnasnet.js';
export { buildMobileNetV1, type MobileNetV1Settings } from './presets/mobilenet-v1.js';
export { buildMobileNetV2, type MobileNetV2Settings } from './presets/mobilenet-v2.js';
export {
  buildMobileNetV3,
  MOBILENET_V3_LARGE,
  MOBILENET_V3_SMALL,
  type MobileNetV3Settings,
  type MobileNetV3Table,
} from './presets/mobilenet-v3.js';
export { buildOnceForAll, type OnceForAllSettings, uniformStages } from './presets/once-for-all.js';
export type { Preset, PresetTarget } from './presets/preset.js';
export {
  type ProxylessOperator,
  type ProxylessSettings,
  type ProxylessWidths,
  proxylessNetwork,
  proxylessOperator,
  proxylessTables,
} from './presets/proxylessnas.js';
export { buildRegNet, type RegNetSettings } from './presets/regnet.js';
export { type RegNetDesign, type RegNetRounding, type RegNetStage, regnetStages } from './presets/regnet-design.js';
export { buildResNet, type ResNetSettings } from './presets/resnet.js';
export {
  buildShuffleNetV1,
  buildShuffleNetV2,
  type ShuffleNetV1Settings,
  type ShuffleNetV2Settings,
} from './presets/shufflenet.js';
export { buildSqueezeNet, type SqueezeNetSettings } from './presets/squeezenet.js';
export { buildVgg, type VggSettings } from './presets/vgg.js';
export { makeDivisible, roundHalfEven } from './rounding.js';
export type { TrainedNetwork } from './trained-network.js';
export { initialWeights, packTensors, tensorViews, type Weights } from './weights.js';
