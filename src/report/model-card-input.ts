/** @file All that a model card tells. */
import type { Json } from '../json.js';
import type { Cost } from '../nn/cost.js';
import type {
  ChoiceDescription,
  DataDescription,
  LatencyDescription,
  MachineDescription,
  ReportedAmounts,
  Versions,
} from './description.js';

export interface ModelCardInput {
  /** Name of the model, such as that of its study. */
  readonly name: string;
  /** Name of the ONNX file without its folder. */
  readonly file: string;
  /** When the model was made, as it is to be printed. */
  readonly date: string;
  readonly data: DataDescription;
  /** Height and width of the images that the file takes, where the architecture has chosen others than the data has. */
  readonly input: { readonly channels: number; readonly height: number; readonly width: number };
  /** How the network was found; `null` for a network that was given. */
  readonly search: {
    readonly space: ChoiceDescription;
    readonly strategy: ChoiceDescription;
    readonly evaluation: ChoiceDescription;
    readonly trials: number;
    readonly seconds: number;
    readonly limits: ReportedAmounts;
  } | null;
  /** In its space's notation, or the name of a preset. */
  readonly notation: string;
  readonly architecture: Json;
  readonly cost: Cost;
  /** Fractions in [0, 1]; `null` where they were not measured. */
  readonly accuracy: { readonly test: number | null; readonly valid: number | null };
  readonly latency: LatencyDescription | null;
  readonly training: { readonly epochs: number; readonly seconds: number | null; readonly settings: Json };
  readonly seed: number;
  readonly machine: MachineDescription;
  readonly versions: Versions;
}
