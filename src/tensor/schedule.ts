/** @file Learning-rate schedules: functions of the progress of training, from 0 at its start to 1 at its end. */

/** The factor on the base learning rate at a progress in [0, 1]. */
export type Schedule = (progress: number) => number;

/** Half a cosine from 1 down to `final` (Loshchilov and Hutter 2017, eq. 5). */
export const cosine =
  (final = 0): Schedule =>
  (progress) =>
    final + (1 - final) * 0.5 * (1 + Math.cos(Math.PI * progress));

/** 1 all along. */
export const flat = (): Schedule => () => 1;

/** A factor `gamma` at each of the `milestones` that has passed. */
export const step =
  (milestones: readonly number[], gamma = 0.1): Schedule =>
  (progress) =>
    gamma ** milestones.filter((milestone) => progress >= milestone).length;

/** A straight rise from 0 over the first `share` of training (Goyal et al. 2017, §2.2), then `after` over the rest. */
export const warmup =
  (share: number, after: Schedule): Schedule =>
  (progress) =>
    progress < share ? progress / share : after(share >= 1 ? 1 : (progress - share) / (1 - share));
