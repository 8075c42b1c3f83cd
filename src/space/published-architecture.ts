/** @file Architectures that papers print: which of them a space holds, and how they are found by name. */
import { UsageError } from '../error.js';
import type { Json } from '../json.js';
import type { Decision } from './decisions/decision.js';

/** An architecture that a paper prints. */
export interface PublishedArchitecture<A = Json> {
  /** As the literature calls it: `DARTS_V2`, `PNASNet-5`. */
  readonly name: string;
  readonly architecture: A;
  /** Where it is printed. */
  readonly source: string;
}

/** Those that the decisions can give: options of a space, such as other operators, may leave some out. */
export function membersOf<A extends Json>(
  decisions: Decision<A>,
  published: readonly PublishedArchitecture<unknown>[],
): PublishedArchitecture<A>[] {
  return published.flatMap((one) => {
    try {
      return [{ ...one, architecture: decisions.validate(one.architecture) }];
    } catch (error) {
      if (error instanceof UsageError) return [];
      throw error;
    }
  });
}

/** The one of that name, whatever the case of its letters and with hyphens, underscores or neither. */
export function publishedNamed<A>(
  published: readonly PublishedArchitecture<A>[],
  name: string,
): PublishedArchitecture<A> | undefined {
  const wanted = plain(name);
  return published.find((one) => plain(one.name) === wanted);
}

const plain = (name: string): string => name.trim().toLowerCase().replaceAll(/[-_]/g, '');
