/** @file What reports and model cards are told: plain data, as `nas show --json` has it. */

import type { Json } from '../json.js';
import type { LayerCost } from '../nn/cost.js';
import type { ImageShape } from '../nn/feature.js';
import type { NetworkJson } from '../nn/network-json.js';
import type { QuantityName } from '../quantity/quantity.js';
import type { Point } from '../training/curve.js';

/** The images that accuracies are measured on. */
export interface DataDescription {
  /** As given to `--data`. */
  readonly reference: string;
  readonly name: string;
  /** Where the images come from, in one sentence. */
  readonly origin: string;
  /** How the splits came about, in one sentence. */
  readonly split: string;
  readonly classes: readonly string[];
  readonly image: ImageShape;
  /** Number of images in each split. */
  readonly images: { readonly train: number; readonly valid: number; readonly test: number };
  readonly notices: readonly string[];
}

/** Something of a registry (a space, a strategy, an evaluation) and how it was set. */
export interface ChoiceDescription {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  readonly settings: Json;
}

/** Amounts by the name of the quantity: what a candidate costs, or the most that it may; `null` or missing where there is none. */
export type ReportedAmounts = { readonly [Q in QuantityName]?: number | null | undefined };

/** A trial, as the study's records have it. */
export interface ReportTrial {
  readonly number: number;
  readonly state: 'running' | 'completed' | 'failed' | 'pruned' | 'infeasible' | 'lost' | 'interrupted';
  readonly architecture: Json;
  /** The share of a full evaluation; a full one if absent. */
  readonly fidelity?: number;
  readonly metrics: { readonly [name: string]: number };
  /** Higher is better; `null` until the trial is completed. */
  readonly score: number | null;
  readonly cost: ReportedAmounts;
  readonly curve: readonly Point[];
  readonly seconds: number | null;
  readonly reason: string | null;
}

/** The final training of the winner, with the accuracy of the weights that were kept. */
export interface FinalTraining {
  /** Fractions in [0, 1]; `null` where they were not measured. */
  readonly testAccuracy: number | null;
  readonly validAccuracy: number | null;
  readonly epochs: number;
  readonly seconds: number | null;
  readonly settings: Json;
  readonly curve: readonly Point[];
}

/** The winner as a graph of layers: `network.toJson()` and `network.layerCosts()`. */
export interface NetworkDescription {
  readonly network: NetworkJson;
  readonly layerCosts: readonly LayerCost[];
}

/** Latency of the exported file. */
export interface LatencyDescription {
  /** Milliseconds a run. */
  readonly median: number;
  readonly percentile95: number;
  readonly runs: number;
  readonly batch: number;
  readonly threads: number;
  /** Such as `onnxruntime-node 1.30.0, CPU`. */
  readonly runtime: string;
}

export interface MachineDescription {
  readonly processor: string;
  /** Logical cores. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** Operating system and architecture. */
  readonly system: string;
}

/** Names and versions of the programs that took part, such as `nasturtium`, `node`, `onnxruntime-node`. */
export type Versions = { readonly [program: string]: string };
