/** @file The library: everything that the program `nas` does, as functions. */
export {
  benchmarkTraining,
  type TrainingBenchmark,
  type TrainingBenchmarkOptions,
} from './benchmark/training.js';
export type { Dataset, Images } from './data/dataset.js';
export { type LoadOptions, loadDataset } from './data/load.js';
export { type DatasetDefinition, datasets } from './data/registry.js';
export { type Check, type DiagnoseOptions, diagnose } from './doctor/diagnose.js';
export type { Engine, EngineModel } from './engine/engine.js';
export { nodeEngine } from './engine/node-engine.js';
export { UsageError, WorkError } from './error.js';
export type { EvaluationDefinition } from './evaluation/evaluation.js';
export { evaluationNamed, evaluations, registerEvaluation } from './evaluation/registry.js';
export type { Json } from './json.js';
export { type CostReport, countCost } from './model/cost.js';
export { type EvaluateOptions, evaluateModel, type ModelEvaluation } from './model/evaluate.js';
export { type Latency, type LatencyOptions, measureLatency } from './model/latency.js';
export { type OnnxModelFile, readModelFile } from './model/onnx-model.js';
export { type TrainResult, type TrainTargetOptions, trainTarget } from './model/train-target.js';
export * as nn from './nn/index.js';
export { type CountOptions, countOnnx, type OnnxCost } from './onnx-cost/count.js';
export { Random } from './random.js';
export type { StudyConfiguration } from './record/configuration.js';
export type { StudySummary } from './record/summary.js';
export type { TrialRecord } from './record/trial.js';
export { type NamedNetwork, networkOf, type TargetOptions } from './reference/named-network.js';
export { readSearchConfig } from './search/config-source.js';
export {
  type ResumeOptions,
  resume,
  type SearchNews,
  type SearchOptions,
  search,
} from './search/search.js';
export type { SearchResult } from './search/search-result.js';
export type { SearchConfig } from './search/settings.js';
export * as space from './space/index.js';
export { StudyStore } from './store/store.js';
export { readStore, storeFile } from './store/store-file.js';
export * as strategy from './strategy/index.js';
export * as tensor from './tensor/index.js';
export type { Point } from './training/curve.js';
export { version } from './version.js';
