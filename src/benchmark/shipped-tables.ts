/** @file The tables and learning curves that come with the project; data/README.md tells their sources and licences. */
import { fileURLToPath } from 'node:url';

const tables: ReadonlyMap<string, URL> = new Map([
  ['nas-bench-201-cifar10', new URL('../../data/nas-bench-201-cifar10.csv.gz', import.meta.url)],
]);

const curves: ReadonlyMap<string, URL> = new Map([
  ['nas-bench-201-cifar10', new URL('../../data/nas-bench-201-cifar10-curves.json.gz', import.meta.url)],
]);

const pathIn = (shipped: ReadonlyMap<string, URL>, text: string): string => {
  const url = shipped.get(text);
  return url === undefined ? text : fileURLToPath(url);
};

/** The path of a table that comes with the project, or the text itself: then it is a path. */
export const tableNamed = (text: string): string => pathIn(tables, text);

/** The path of learning curves that come with the project, or the text itself: then it is a path. */
export const curvesNamed = (text: string): string => pathIn(curves, text);
