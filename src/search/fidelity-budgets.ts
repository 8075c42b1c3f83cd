/** @file Budgets of one dimension, such as `epochs=1,2,4,8`: how a training has each of them, and which share of the largest it is. */
import { UsageError } from '../error.js';
import {
  type FidelityDimension,
  factorOf,
  fidelityDimensions,
  shareOf,
  type TrainingWithFidelity,
} from '../evaluation/fidelity.js';
import { plannedEpochs, type TrainSettings } from '../training/train-settings.js';

/** Budgets to compare. */
export interface FidelityBudgets {
  readonly dimension: FidelityDimension;
  /** From the smallest to the largest. */
  readonly values: readonly number[];
}

/** The setting of `train` that has the budget of each dimension. */
const settingOf = {
  epochs: 'epochs',
  data: 'subset',
  resolution: 'resolution',
  channels: 'widthMultiplier',
  depth: 'depthMultiplier',
} as const satisfies { readonly [D in FidelityDimension]: keyof TrainSettings };

/**
 * Reads `epochs=1,2,4,8`.
 *
 * @throws {UsageError} where it is written otherwise
 */
export function parseBudgets(text: string): FidelityBudgets {
  const [name = '', list = ''] = text.split('=');
  const dimension = fidelityDimensions.find((known) => known === name.trim());
  const values = list.split(',').map((value) => (value.trim() === '' ? Number.NaN : Number(value)));
  const rising = values.toSorted((a, b) => a - b);
  const isWhole = dimension === 'epochs' || dimension === 'resolution';
  const isFit = (value: number) => value > 0 && Number.isFinite(value) && (!isWhole || Number.isInteger(value));
  if (dimension !== undefined && values.every(isFit) && new Set(values).size === values.length && values.length > 1) {
    return { dimension, values: rising };
  }
  throw new UsageError(
    `The option --fidelity is "${text}", but it must be two or more budgets of ${fidelityDimensions.join(', ')}, such as epochs=1,2,4,8 or data=0.1,0.3,1${isWhole ? `, which are whole numbers for ${dimension}` : ''}.`,
  );
}

/** The name of one budget. */
export const budgetName = (dimension: FidelityDimension, value: number): string => `${dimension}=${value}`;

/** What of the settings of `train` makes the largest budget a full evaluation, and shares of it the others. */
export const fullSettings = ({ dimension, values }: FidelityBudgets) => ({
  fidelity: [dimension],
  [settingOf[dimension]]: Math.max(...values),
});

/** The share of the largest budget that each is, as `train` counts. */
export const sharesOf = ({ dimension, values }: FidelityBudgets): number[] =>
  values.map((value) => shareOf(dimension, value / Math.max(...values)));

/**
 * The settings of a training of one budget, which are those of a full one but for the budget.
 *
 * @param images How many there are for training.
 */
export function settingsOfBudget<S extends TrainSettings>(
  full: S,
  { dimension, value }: { readonly dimension: FidelityDimension; readonly value: number },
  images: number,
): S {
  // Where the number of epochs follows from the images, fewer of these would mean more epochs.
  const epochs = dimension === 'data' ? plannedEpochs(full, images) : full.epochs;
  return { ...full, epochs, [settingOf[dimension]]: value };
}

/**
 * The budgets that shares of a training are: the inverse of `fullSettings` and `sharesOf`; `undefined` where there are none, as the
 * shares make several dimensions smaller, or one without a full value.
 */
export function budgetsOf(full: TrainingWithFidelity, shares: readonly number[]): FidelityBudgets | undefined {
  const [dimension, ...others] = full.fidelity;
  const whole = dimension && full[settingOf[dimension]];
  if (dimension === undefined || others.length > 0 || whole == null) return undefined;
  const values = shares.map((share) => Number((whole * factorOf(dimension, full, share)).toPrecision(6)));
  return { dimension, values };
}
