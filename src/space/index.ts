/** @file The combinators that describe search spaces, and the spaces. */
export { type AmoebanetArchitecture, amoebanet } from './amoebanet.js';
export type { BlockSpaceOptions } from './cells/block-space.js';
export { type DartsCells, type DartsNetworkOptions, dartsNetwork } from './cells/darts-network.js';
export { type DartsNorm, dartsOperators, finalNorm, searchNorm } from './cells/darts-operators.js';
export {
  type EnasMacroNetworkOptions,
  enasMacroNetwork,
  finalOperators as enasMacroOperators,
} from './cells/enas-macro-network.js';
export { type EnasMicroNetworkOptions, enasMicroNetwork, enasOperators } from './cells/enas-micro-network.js';
export { hierarchicalOperators } from './cells/hierarchical-operators.js';
export type { Hierarchy, MotifLevel } from './cells/hierarchy.js';
export { efficientModuleOperators } from './cells/module-operators.js';
export { nasBench201Operators } from './cells/nas-bench-201-operators.js';
export { type NasnetCells, type NasnetNetworkOptions, nasnetNetwork } from './cells/nasnet-network.js';
export { amoebanetOperators, nasnetOperators, pnasOperators } from './cells/nasnet-operators.js';
export { type CellOperator, type CellTarget, type OperatorSet, operatorNames, operatorSet } from './cells/operator.js';
export type { TreeBranch, TreeCell, TreeNode } from './cells/tree-cell.js';
export { treeOperators } from './cells/tree-operators.js';
export { type DartsArchitecture, type DartsOptions, darts } from './darts.js';
export { bool, choice, int, ordinal } from './decisions/choice.js';
export { type Decided, Decision, type DecisionPoint, type DecisionRow, type Infer } from './decisions/decision.js';
export { filtered } from './decisions/filtered.js';
export { type Grammar, grammar } from './decisions/grammar.js';
export { Mixture, type Relaxable } from './decisions/mixture.js';
export { object } from './decisions/product.js';
export { recursive } from './decisions/recursive.js';
export { branch, relax } from './decisions/relax.js';
export { repeat, tuple } from './decisions/repeat.js';
export { type SelectionOptions, selection } from './decisions/selection.js';
export { subset } from './decisions/subset.js';
export { variant } from './decisions/variant.js';
export {
  type EfficientModulesArchitecture,
  type EfficientModulesOptions,
  efficientModules,
} from './efficient-modules.js';
export { type EfficientNetArchitecture, type EfficientNetOptions, efficientnet } from './efficientnet.js';
export { type EnasMacroArchitecture, type EnasMacroOptions, enasMacro } from './enas-macro.js';
export { type EnasMicroArchitecture, type EnasMicroOptions, enasMicro } from './enas-micro.js';
export { type HierarchicalOptions, hierarchical } from './hierarchical.js';
export { type McunetArchitecture, type McunetGridPoint, mcunet } from './mcunet.js';
export {
  type McunetGridOptions,
  type McunetGridScore,
  type McunetLimits,
  rankMcunetGrid,
} from './mcunet-grid.js';
export { memberPreset } from './member-preset.js';
export { type MetaQnnChain, type MetaQnnOptions, metaqnn } from './metaqnn.js';
export { type MnasNetArchitecture, type MnasNetOptions, mnasnet } from './mnasnet.js';
export { type MobileArchitecture, mobile } from './mobile.js';
export {
  type MobileNetV3Architecture,
  type MobileNetV3Options,
  type MobileNetV3Stage,
  mobilenetV3,
} from './mobilenet-v3.js';
export { type NasBench101Cell, type NasBench101Options, nasBench101, nasBench101Operators } from './nas-bench-101.js';
export { type NasBench201Cell, type NasBench201Options, nasBench201 } from './nas-bench-201.js';
export { type NasnetArchitecture, nasnet } from './nasnet.js';
export { type Notation, notationNamed } from './notations/notation.js';
export { type OnceForAllArchitecture, type OnceForAllOptions, onceForAll } from './once-for-all.js';
export { type PnasArchitecture, type PnasOptions, pnas } from './pnas.js';
export { type ProxylessArchitecture, type ProxylessOptions, proxyless } from './proxyless.js';
export type { PublishedArchitecture } from './published-architecture.js';
export { publishedNetworks } from './published-networks.js';
export { registerSpace, spaceNamed, spaces } from './registry.js';
export { type RegNetArchitecture, type RegNetGrid, type RegNetOptions, regnet } from './regnet.js';
export {
  type BuildTarget,
  type CostFunction,
  costFunction,
  defineSpace,
  repeatsFor,
  type SearchSpace,
  type SpaceDefinition,
  targetImage,
  untyped,
} from './space.js';
export { type TreeOptions, tree } from './tree.js';
export { type ZophArchitecture, type ZophCnnOptions, zophCnn } from './zoph-cnn.js';
