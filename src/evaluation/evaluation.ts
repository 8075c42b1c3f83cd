/** @file What an evaluation is: whatever gives a candidate its score. A request goes in; points of a curve and a result come out. */
import type { z } from 'zod';
import type { Dataset } from '../data/dataset.js';
import type { Engine } from '../engine/engine.js';
import type { Json } from '../json.js';
import type { NetworkJson } from '../nn/network.js';
import type { Reference } from '../registry.js';
import { checkSettings } from '../settings-error.js';
import type { BuildTarget } from '../space/space.js';
import type { Numbers, Point } from '../training/curve.js';
import type { Artifact, ArtifactStore, Artifacts } from './artifact.js';
import type { Measure } from './metric.js';

/** Which images to use, as another process can load them again. */
export interface DataReference {
  /** A built-in name or a path. */
  readonly reference: string;
  /** Fixes the split where the source has none. */
  readonly seed: number;
}

/** What is known of the images without loading them: all that the least fidelity depends on. */
export interface DataFacts {
  /** How many images each split has. */
  readonly train: number;
  readonly valid: number;
  readonly classes: number;
  /** Of an image, in pixels. */
  readonly height: number;
  readonly width: number;
}

/** What every piece of work of an evaluation depends on. Equal requests give equal results, bit for bit, on one machine. */
interface Work {
  readonly evaluation: Reference;
  readonly data: DataReference;
  readonly seed: number;
  /** Of the engine. */
  readonly threads: number;
}

/** A request to evaluate a candidate. It is plain data and says all that is needed: it can travel. */
export interface EvaluationRequest extends Work {
  readonly task: 'evaluate';
  readonly candidate: {
    readonly space: Reference;
    readonly architecture: Json;
    readonly network: NetworkJson;
  };
  /** The share of a full evaluation to spend, in (0, 1]. */
  readonly fidelity: number;
  readonly inputs: {
    /** What `prepare` made for the study. */
    readonly prepared?: Artifact;
    /** What the trial made that this one goes on from, at a smaller fidelity of the same architecture. */
    readonly earlier?: Artifacts;
    /** The fidelity of that trial: the share of a full evaluation that was spent before. */
    readonly spent?: number;
    /** What the trial made from whose architecture this one descends. */
    readonly parent?: Artifacts;
  };
  /** Whether the result is to have artefacts: the study may come back to the candidate. */
  readonly keep: boolean;
}

/** A request to prepare a study: to train a supernet, say. */
export interface PreparationRequest extends Work {
  readonly task: 'prepare';
  readonly space: Reference;
  readonly target: BuildTarget;
  /** The last checkpoint of a preparation that was interrupted. */
  readonly checkpoint?: Artifact;
}

/** What a process may be asked to do. */
export type JobRequest = EvaluationRequest | PreparationRequest;

/** What an evaluation gives of one candidate. */
export interface EvaluationResult {
  /** By the names of the evaluation's metrics, the one of the score among them. */
  readonly metrics: Numbers;
  /** What was measured of the candidate beside its score, by the names of quantities, such as `latencyMs`. */
  readonly costs?: Numbers;
  /** What a later evaluation may go on from. */
  readonly artifacts?: Artifacts;
}

/** The surroundings in which a piece of work is done. */
export interface Job {
  readonly engine: Engine;
  readonly signal: AbortSignal;
  readonly artifacts: ArtifactStore;
  /** Notes a point of the learning curve. */
  report(point: Point): void;
  /** Notes how far a preparation has come: an interrupted one goes on from the last that was noted. */
  checkpoint(artifact: Artifact): void;
}

/** A way to evaluate, as it was set. */
export interface Evaluation {
  /**
   * What networks are built for at a fidelity, where that or settings such as a lower resolution change it; the target itself
   * by default.
   */
  target?(target: BuildTarget, fidelity: number): BuildTarget;
  /**
   * Whether the settings fit the data, before anything is evaluated.
   *
   * @throws {UsageError} where they do not, with what does not fit
   */
  check?(dataset: Dataset): void;
  /**
   * The least share of a full evaluation that it can spend, in (0, 1]. Without it an evaluation is always a full one: no
   * strategy of several fidelities can use it.
   */
  leastFidelity?(data: DataFacts): number;
  /**
   * Whether trials begin with what the trials have made from whose architectures theirs descend (`inputs.parent`): then all of them
   * keep it. Default false.
   */
  readonly inherits?: boolean;
  /** What trials share, made once a study before the first of them; it may take long, and notes checkpoints. */
  prepare?(request: PreparationRequest, job: Job): Promise<Artifact>;
  /** @throws {WorkError} where the candidate has no score, with the reason, such as a training that diverges */
  evaluate(request: EvaluationRequest, job: Job): Promise<EvaluationResult>;
}

/** What something is that a setting names, and where it is known to mislead. */
export interface Explanation {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  readonly description: string;
  readonly weakness: string;
}

/** A way to evaluate: what it is called, what it measures, and how it is made of its settings. */
export interface EvaluationDefinition {
  readonly name: string;
  readonly title: string;
  /** The publication that introduced it. */
  readonly paper: string;
  readonly description: string;
  /** Where its score is known to mislead. */
  readonly weakness?: string;
  /** What a setting of it may name, where that needs to be explained. */
  readonly choices?: readonly Explanation[];
  /** Settings with their defaults; unknown keys are errors. */
  readonly settings: z.ZodObject;
  readonly measure: Measure;
  /** The names of the quantities among the costs of its results: strategies may work with them. Default: none. */
  readonly costs?: readonly string[];
  /** @throws {UsageError} where a setting is wrong */
  create(settings: unknown): Evaluation;
}

/**
 * An evaluation from its description. Its `create` gets settings that were checked, with defaults.
 *
 * @throws {RangeError} where its score is no metric with a direction
 */
export function defineEvaluation<S extends z.ZodObject>(
  definition: Omit<EvaluationDefinition, 'settings' | 'create'> & {
    readonly settings: S;
    create(settings: z.infer<S>): Evaluation;
  },
): EvaluationDefinition {
  const { name, measure, settings: schema } = definition;
  if (measure.metrics[measure.score]?.direction === undefined) {
    throw new RangeError(`the score of the evaluation ${name}, "${measure.score}", is no metric with a direction`);
  }
  return {
    ...definition,
    create: (settings) =>
      definition.create(checkSettings(schema, settings ?? {}, { source: `the evaluation ${name}` })),
  };
}

/** What a strategy of several fidelities and an evaluation need to know of the images. */
export const factsOf = ({ train, valid, classes }: Dataset): DataFacts => ({
  train: train.count,
  valid: valid.count,
  classes: classes.length,
  height: train.height,
  width: train.width,
});
