/** @file The tables that come with the project; data/README.md tells their sources and licences. */
import { fileURLToPath } from 'node:url';

const shipped: ReadonlyMap<string, URL> = new Map([
  ['nas-bench-201-cifar10', new URL('../../data/nas-bench-201-cifar10.csv.gz', import.meta.url)],
]);

/** The path of a table that comes with the project, or the text itself: then it is a path. */
export function tableNamed(text: string): string {
  const url = shipped.get(text);
  return url === undefined ? text : fileURLToPath(url);
}
