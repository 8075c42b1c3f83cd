/** @file What was probably meant: one rule for every "did you mean". */
import { distance } from 'fastest-levenshtein';

/**
 * The known name that was probably meant: the nearest, where at most a third of its letters (or two) are wrong, missing
 * or too many; upper and lower case are the same. `undefined` where none is that near; the first of equally near ones.
 */
export function nearestName(found: string, names: readonly string[]): string | undefined {
  const wanted = found.toLowerCase();
  const near = names
    // Quickly found to be far: a table of architectures asks ten thousand times.
    .filter((name) => Math.abs(name.length - wanted.length) <= allowedEdits(name))
    .map((name) => ({ name, edits: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= allowedEdits(name))
    .sort((a, b) => a.edits - b.edits);
  return near[0]?.name;
}

const allowedEdits = ({ length }: string): number => Math.min(Math.max(2, length / 3), length - 1);

/** ` (did you mean NAME?)`, to stand behind what was found; empty where no name is near. */
export function didYouMean(found: string, names: readonly string[]): string {
  const nearest = nearestName(found, names);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
