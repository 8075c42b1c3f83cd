/** @file The settings that successive halving, Hyperband and ASHA share. */
import { z } from 'zod';
import { minimiseSetting } from '../objectives.js';
import { mostHalvings } from './brackets.js';

export const fidelitySettings = {
  eta: z
    .int()
    .min(2)
    .max(16)
    .default(3)
    .describe('η: one candidate in η goes on, with η times the fidelity; 3 in Li et al. 2018, section 3.'),
  resource: z
    .int()
    .min(1)
    .max(65_536)
    .default(9)
    .describe(
      'R: a full evaluation is so many times the least one. With shorter ones, ranks agree little with those of full evaluations (Zela et al. 2018: .31 to .64 at a ninth of the time).',
    ),
  proposer: z
    .looseObject({ name: z.string().default('random').describe('The strategy that proposes new candidates.') })
    .prefault({})
    .describe('The strategy that proposes new candidates, with its settings.'),
  minimise: minimiseSetting.default([]),
};

/** The share of a full evaluation with which candidates begin. */
export const leastFidelityOf = ({ eta, resource }: { readonly eta: number; readonly resource: number }): number =>
  1 / eta ** mostHalvings(resource, eta);
