/** @file All that the report of a study tells. */
import type { Measure } from '../evaluation/metric.js';
import type { Json } from '../json.js';
import type { StoppingSummary } from '../record/stopping.js';
import type {
  ChoiceDescription,
  DataDescription,
  FinalTraining,
  LatencyDescription,
  MachineDescription,
  NetworkDescription,
  ReportedAmounts,
  ReportTrial,
  Versions,
} from './description.js';
import type { TradeOffDescription } from './trade-offs.js';

export interface StudyReportInput {
  readonly study: {
    readonly name: string;
    readonly state: 'running' | 'finished' | 'stopped';
    /** Date and time as they are to be printed. */
    readonly created: string;
    /** Wall-clock seconds of work. */
    readonly seconds: number;
  };
  /** The exact command that gives this study again. */
  readonly command: string;
  readonly data: DataDescription;
  /** `size` is the exact number of architectures as a decimal string. */
  readonly space: ChoiceDescription & { readonly size: string };
  readonly strategy: ChoiceDescription;
  readonly evaluation: ChoiceDescription;
  /** What the evaluation measures. */
  readonly measure: Measure;
  readonly limits: ReportedAmounts;
  /** What ended the search, or would have; `null` where there was no such bound. */
  readonly budget: { readonly trials: number | null; readonly seconds: number | null };
  readonly seed: number;
  readonly workers: number;
  readonly threads: number;
  readonly trials: readonly ReportTrial[];
  /** What the stopping rule did; `null` where there is none. */
  readonly stopping: { readonly title: string; readonly summary: StoppingSummary } | null;
  /** The winner; `null` where no trial was completed. */
  readonly best: { readonly trial: number; readonly notation: string; readonly network: NetworkDescription } | null;
  /** The best trade-offs; `null` where no trial was completed. */
  readonly tradeOffs: TradeOffDescription | null;
  readonly final: FinalTraining | null;
  readonly latency: LatencyDescription | null;
  readonly machine: MachineDescription;
  readonly versions: Versions;
  /** Every setting of the study as the store keeps it. */
  readonly configuration: Json;
}
