/** @file Networks as JSON: written from a graph, and checked when read. */
import { z } from 'zod';
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import { type Feature, Graph, IMAGE, type ImageShape, type Layer } from './feature.js';
import { layerKind, layerKinds } from './layer-kind.js';
import './layers/index.js';

/** A layer: what it is, what it is applied to, and its attributes. */
export interface LayerJson {
  readonly name: string;
  readonly kind: string;
  /** Names of earlier layers, or `image`. */
  readonly inputs: readonly string[];
  readonly attributes: { readonly [key: string]: Json };
}

/** A whole network; layers in the order in which they run. */
export interface NetworkJson {
  readonly version: 1;
  readonly input: ImageShape;
  readonly layers: readonly LayerJson[];
  /** Name of the layer that gives the output. */
  readonly output: string;
}

const size = z.int().min(1);

const networkSchema = z.strictObject({
  version: z.literal(1),
  input: z.strictObject({ channels: size, height: size, width: size }),
  layers: z.array(
    z.strictObject({
      name: z.string().regex(/^[^\s.]+(\.[^\s.]+)*$/, 'a name is words without spaces, joined by dots'),
      kind: z.string(),
      inputs: z.array(z.string()).min(1),
      attributes: z.record(z.string(), z.json()),
    }),
  ),
  output: z.string(),
});

export const networkToJson = (input: ImageShape, layers: readonly Layer[], output: Feature): NetworkJson => ({
  version: 1,
  input,
  layers: layers.map(({ name, kind, inputs, attributes }) => ({
    name,
    kind: kind.kind,
    inputs: inputs.map((feature) => feature.name),
    attributes,
  })),
  output: output.name,
});

export function networkFromJson(json: unknown): { graph: Graph; output: Feature } {
  const network = check(networkSchema, json, []);
  const graph = new Graph(network.input);
  const features = new Map<string, Feature>([[IMAGE, graph.image]]);
  for (const [index, layer] of network.layers.entries()) {
    const path = ['layers', index];
    const kind = layerKind(layer.kind);
    if (kind === undefined)
      throw wrong([...path, 'kind'], `${show(layer.kind)} is no kind of layer. Allowed: ${layerKinds().join(', ')}`);
    if (features.has(layer.name))
      throw wrong(
        [...path, 'name'],
        `${show(layer.name)} is taken. Give every layer another name than ${show(IMAGE)} and those before it`,
      );
    const [first, ...others] = layer.inputs.map((name, position) =>
      featureOf(features, name, [...path, 'inputs', position]),
    );
    if (first === undefined) throw wrong([...path, 'inputs'], 'a layer takes at least one input');
    const attributes = check(kind.schema, layer.attributes, [...path, 'attributes']);
    features.set(layer.name, graph.add(kind, [first, ...others], attributes, layer.name));
  }
  return { graph, output: featureOf(features, network.output, ['output']) };
}

function featureOf(features: ReadonlyMap<string, Feature>, name: string, path: readonly PropertyKey[]): Feature {
  const feature = features.get(name);
  if (feature === undefined)
    throw wrong(path, `no layer ${show(name)} comes before. Name ${show(IMAGE)} or an earlier layer`);
  return feature;
}

function check<T>(schema: z.ZodType<T>, value: unknown, path: readonly PropertyKey[]): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const found = issue?.path.reduce(property, value);
  throw wrong([...path, ...(issue?.path ?? [])], `${issue?.message ?? 'invalid'}; found ${show(found)}`);
}

const property = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** JSON of a value, cut where it would fill a screen. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function wrong(path: readonly PropertyKey[], message: string): UsageError {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return new UsageError(`Not a network: ${place.replace(/^\./, '') || 'the whole value'}: ${message}.`);
}
