/** @file The model card beside an ONNX file: what the model is, what it costs, how good it is, how to use it. */
import type { Json } from '../json.js';
import { everyAmount } from '../quantity/quantity.js';
import type { ChoiceDescription } from './description.js';
import type { ModelCardInput } from './model-card-input.js';
import { cardMarkdown } from './model-card-markdown.js';

/** The card as JSON, for programs. Units are in the names. */
export interface ModelCardJson {
  readonly [key: string]: Json;
}

/** Equal input gives an equal card. */
export function modelCard(input: ModelCardInput): { readonly json: ModelCardJson; readonly markdown: string } {
  return { json: cardJson(input), markdown: cardMarkdown(input) };
}

function cardJson(input: ModelCardInput): ModelCardJson {
  const { data, search, cost, latency, machine } = input;
  const { channels, height, width } = input.input;
  return {
    version: 1,
    name: input.name,
    file: input.file,
    date: input.date,
    data: {
      reference: data.reference,
      name: data.name,
      origin: data.origin,
      split: data.split,
      images: { ...data.images },
      notices: [...data.notices],
    },
    classes: [...data.classes],
    input: {
      name: 'images',
      type: 'float32',
      shape: ['N', channels, height, width],
      range: [0, 255],
      normalization: 'inside the model',
    },
    outputs: {
      logits: { type: 'float32', shape: ['N', data.classes.length] },
      probabilities: { type: 'float32', shape: ['N', data.classes.length] },
    },
    accuracy: {
      test: input.accuracy.test,
      testImages: data.images.test,
      valid: input.accuracy.valid,
      validImages: data.images.valid,
    },
    cost: { ...cost, flops: 2 * cost.macs },
    latency: latency && {
      medianMs: latency.median,
      percentile95Ms: latency.percentile95,
      runs: latency.runs,
      batch: latency.batch,
      threads: latency.threads,
      runtime: latency.runtime,
    },
    search: search && {
      space: choiceJson(search.space),
      strategy: choiceJson(search.strategy),
      evaluation: choiceJson(search.evaluation),
      trials: search.trials,
      seconds: search.seconds,
      limits: everyAmount(search.limits),
    },
    notation: input.notation,
    architecture: input.architecture,
    training: { epochs: input.training.epochs, seconds: input.training.seconds, settings: input.training.settings },
    seed: input.seed,
    machine: {
      processor: machine.processor,
      cores: machine.cores,
      memoryBytes: machine.memoryBytes,
      system: machine.system,
    },
    versions: { ...input.versions },
  };
}

const choiceJson = ({ name, title, paper, settings }: ChoiceDescription): Json => ({ name, title, paper, settings });
