/** @file The graphs that were built last, for trainings that differ in nothing but weights and images. */
import type { Json } from '../json.js';

/** A graph of a small network takes 0.1 MB. */
const KEPT = 16;

/** Keeps the last few graphs by what they were built from. */
export class RecentGraphs<G> {
  /** The oldest first. */
  readonly #graphs = new Map<string, G>();

  /** The graph of an equal `key`, or a new one. */
  get(key: Json | object, build: () => G): G {
    const text = JSON.stringify(key);
    const graph = this.#graphs.get(text) ?? build();
    this.#graphs.delete(text);
    this.#graphs.set(text, graph);
    const [oldest] = this.#graphs.keys();
    if (this.#graphs.size > KEPT && oldest !== undefined) this.#graphs.delete(oldest);
    return graph;
  }
}
