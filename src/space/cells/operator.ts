/** @file What an operator of a cell is: a name and a way to build it. A cell space takes a set of them. */
import type { Feature } from '../../nn/feature.js';

/** What an operator has to give. */
export interface CellTarget {
  readonly channels: number;
  /** 1 keeps the size of the map; 2 gives ceil(size / 2). */
  readonly stride: number;
}

/**
 * One operator that an edge of a cell may hold. A user's own is one more of these: its cost follows from the layers that
 * it applies.
 */
export interface CellOperator<Name extends string = string> {
  /** As genotypes write it. */
  readonly name: Name;
  /** From `x` [C, H, W] to [`to.channels`, ceil(H / `to.stride`), ceil(W / `to.stride`)]. */
  build(x: Feature, to: CellTarget): Feature;
}

/** Operators by their names, in the order in which a space offers them. */
export type OperatorSet<Name extends string = string> = { readonly [N in Name]: CellOperator<N> };

/**
 * The operators as a set.
 * @throws {RangeError} where two have one name
 */
export function operatorSet<Name extends string>(operators: readonly CellOperator<Name>[]): OperatorSet<Name> {
  const set = Object.fromEntries(operators.map((operator) => [operator.name, operator]));
  const names = operators.map(({ name }) => name);
  if (Object.keys(set).length < names.length) throw new RangeError(`operators share a name: ${names.join(', ')}`);
  return set as OperatorSet<Name>;
}

/** The names of a set, in its order. */
export function operatorNames<Name extends string>(operators: OperatorSet<Name>): readonly Name[] {
  return Object.keys(operators) as Name[];
}

/**
 * The operator of that name.
 * @throws {RangeError} where the set has none
 */
export function operatorNamed(operators: OperatorSet, name: string): CellOperator {
  const operator = operators[name];
  if (operator !== undefined) return operator;
  throw new RangeError(`there is no operator ${name} among ${operatorNames(operators).join(', ')}`);
}
