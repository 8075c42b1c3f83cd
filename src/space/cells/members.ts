/** @file Which published architectures a space holds: options such as other operators may leave some out. */
import { UsageError } from '../../error.js';
import type { Json } from '../../json.js';
import type { Decision } from '../decision.js';
import type { PublishedArchitecture } from '../space.js';

/** Those that the decisions can give. */
export function members<A extends Json>(
  decisions: Decision<A>,
  published: readonly (Omit<PublishedArchitecture, 'architecture'> & { readonly architecture: unknown })[],
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
