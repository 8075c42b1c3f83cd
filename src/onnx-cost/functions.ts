/** @file A model's own functions, written out where they are called: the runtime runs them so, and their operators are counted. */
import type { onnx as Proto } from 'onnx-proto';
import { UsageError } from '../error.js';

/** Functions call functions, but no function itself: a deeper chain is a circle. */
const DEEPEST = 64;

/** @throws {UsageError} where a function calls itself */
export function withoutFunctions(model: Proto.IModelProto): Proto.IModelProto {
  const { functions, graph, opsetImport } = model;
  if (!functions?.length || !graph) return model;
  const calls = new Calls(functions);
  const known = new Set(opsetImport?.map(({ domain }) => domain ?? ''));
  const missing = functions.flatMap((each) => each.opsetImport ?? []).filter(({ domain }) => !known.has(domain ?? ''));
  const added = new Map(missing.map((each) => [each.domain ?? '', each]));
  return {
    ...model,
    functions: [],
    opsetImport: [...(opsetImport ?? []), ...added.values()],
    graph: calls.inGraph(graph, 0),
  };
}

class Calls {
  readonly #functions: ReadonlyMap<string, Proto.IFunctionProto>;
  #written = 0;

  constructor(functions: readonly Proto.IFunctionProto[]) {
    this.#functions = new Map(functions.map((each) => [`${each.domain}:${each.name}`, each]));
  }

  inGraph(graph: Proto.IGraphProto, depth: number): Proto.IGraphProto {
    return { ...graph, node: this.#inNodes(graph.node ?? [], depth) };
  }

  #inNodes(nodes: readonly Proto.INodeProto[], depth: number): Proto.INodeProto[] {
    return nodes.flatMap((node) => {
      const called = this.#functions.get(`${node.domain}:${node.opType}`);
      if (called === undefined) return [this.#inBodies(node, depth)];
      if (depth > DEEPEST) throw new UsageError(`The function ${node.opType} of the model calls itself.`);
      return this.#inNodes(this.#writtenOut(node, called), depth + 1);
    });
  }

  #inBodies(node: Proto.INodeProto, depth: number): Proto.INodeProto {
    const attribute = node.attribute?.map((each) => (each.g ? { ...each, g: this.inGraph(each.g, depth) } : each));
    return { ...node, attribute: attribute ?? [] };
  }

  /** The function's nodes, with the call's names and attributes, and names of their own for what lies between. */
  #writtenOut(call: Proto.INodeProto, called: Proto.IFunctionProto): Proto.INodeProto[] {
    const prefix = `${called.name}#${this.#written++}/`;
    const names = new Map<string, string>([['', '']]);
    for (const [position, name] of (called.input ?? []).entries()) names.set(name, call.input?.[position] ?? '');
    for (const [position, name] of (called.output ?? []).entries()) {
      names.set(name, call.output?.[position] || `${prefix}${name}`);
    }
    const given = new Map(call.attribute?.map((each) => [each.name ?? '', each]));
    return new Renaming((name) => names.get(name) ?? `${prefix}${name}`, given).nodes(called.node ?? []);
  }
}

class Renaming {
  constructor(
    readonly rename: (name: string) => string,
    readonly given: ReadonlyMap<string, Proto.IAttributeProto>,
  ) {}

  nodes(nodes: readonly Proto.INodeProto[]): Proto.INodeProto[] {
    return nodes.map((node) => ({
      ...node,
      name: node.name ? this.rename(node.name) : '',
      input: (node.input ?? []).map(this.rename),
      output: (node.output ?? []).map(this.rename),
      attribute: (node.attribute ?? []).flatMap((each) => this.#attribute(each)),
    }));
  }

  #attribute(attribute: Proto.IAttributeProto): Proto.IAttributeProto[] {
    if (attribute.refAttrName) {
      const given = this.given.get(attribute.refAttrName);
      return given ? [{ ...given, name: attribute.name ?? '' }] : [];
    }
    return [attribute.g ? { ...attribute, g: this.#graph(attribute.g) } : attribute];
  }

  #graph(graph: Proto.IGraphProto): Proto.IGraphProto {
    const renamed = <T extends { name?: string | null }>(list: readonly T[] | null | undefined): T[] =>
      (list ?? []).map((each) => ({ ...each, name: this.rename(each.name ?? '') }));
    return {
      ...graph,
      node: this.nodes(graph.node ?? []),
      input: renamed(graph.input),
      output: renamed(graph.output),
      initializer: renamed(graph.initializer),
      valueInfo: [],
    };
  }
}
