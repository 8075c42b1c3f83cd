/** @file The nn room's door. */
export * from './blocks/index.js';
export type { Cost, LayerCost } from './cost.js';
export { type CountOptions, countOnnx, type OnnxCost } from './count-onnx.js';
export { type ExportOptions, exportOnnx } from './export.js';
export { addLayer, Feature, type ImageShape, Layer, mapShape, scope } from './feature.js';
export { joinTensors, parameterViews, statisticViews } from './flat-tensors.js';
export { foldBatchNorm, type TrainedNetwork } from './fold-batch-norm.js';
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
export {
  type ArchitectureSpec,
  type LayerJson,
  Network,
  type NetworkJson,
  type ParameterSpec,
  type StatisticSpec,
} from './network.js';
export { benchmarkNetworks } from './presets/benchmark.js';
export { presets } from './presets/index.js';
export type { Preset, PresetTarget } from './presets/preset.js';
export { type ProxylessOperator, type ProxylessWidths, proxylessTables } from './presets/proxylessnas.js';
export { makeDivisible, roundHalfEven } from './rounding.js';
export { initialWeights, packTensors, tensorViews, type Weights } from './weights.js';
