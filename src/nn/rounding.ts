/** @file How published networks round channel numbers. */

/**
 * The multiple of `divisor` nearest to `value`, at least `minimum`, and never below 90 % of `value`
 * (`_make_divisible` of TensorFlow's and torchvision's MobileNets).
 */
export function makeDivisible(value: number, divisor = 8, minimum = divisor): number {
  const rounded = Math.max(minimum, Math.floor((value + divisor / 2) / divisor) * divisor);
  return rounded < 0.9 * value ? rounded + divisor : rounded;
}

/** The nearest integer, halves to the even one, as Python and NumPy round; `Math.round` takes halves up. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
