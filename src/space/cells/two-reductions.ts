/** @file Skeletons whose map is halved twice, a third and two thirds through their cells. */

/** The fewest cells that have such thirds. */
export const FEWEST_CELLS = 3;
