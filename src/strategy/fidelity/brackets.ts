/** @file The brackets of Hyperband: how many candidates each rung evaluates, and with which fidelity (Li et al. 2018, algorithm 1). */

export interface Rung {
  /** n_i, how many candidates it evaluates. */
  readonly size: number;
  /** r_i, in units of which a full evaluation has R. */
  readonly resource: number;
  /** r_i / R, the share of a full evaluation. */
  readonly fidelity: number;
}

/** s: how often fidelities grow within the bracket. Its rungs have n·η^−i candidates with r·η^i, for i from 0 to s. */
export interface BracketPlan {
  readonly s: number;
  /** η */
  readonly eta: number;
  readonly rungs: readonly Rung[];
}

/** s_max = ⌊log_η R⌋, counted in integers: the logarithm of 1000 by that of 10 is below 3 in floating point. */
export function mostHalvings(resource: number, eta: number): number {
  let halvings = 0;
  for (let reached = eta; reached <= resource; reached *= eta) halvings++;
  return halvings;
}

/**
 * One bracket: `size` candidates begin with the fidelity η^−s, and of each rung one in η goes on with η times the fidelity.
 *
 * @param resource R, units of a full evaluation
 */
export function bracketPlan(resource: number, eta: number, s: number, size: number): BracketPlan {
  return {
    s,
    eta,
    rungs: Array.from({ length: s + 1 }, (_, i) => ({
      size: Math.floor(size / eta ** i),
      resource: resource / eta ** (s - i),
      fidelity: 1 / eta ** (s - i),
    })),
  };
}

/** All brackets of one round of Hyperband, from the one that halves most to plain full evaluations. */
export function hyperbandBrackets(resource: number, eta: number): BracketPlan[] {
  const most = mostHalvings(resource, eta);
  return Array.from({ length: most + 1 }, (_, index) => {
    const s = most - index;
    // n = ⌈B/R · η^s / (s + 1)⌉ with B = (s_max + 1) R: about the same total for each bracket.
    return bracketPlan(resource, eta, s, Math.ceil(((most + 1) * eta ** s) / (s + 1)));
  });
}
