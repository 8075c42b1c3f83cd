/** @file The code keeps to the rooms and the arrows that docs/architecture.md shows, and no files refer to one another in circles. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const source = new URL('../src/', import.meta.url);
const text = readFileSync(new URL('../docs/architecture.md', import.meta.url), 'utf8');

/** Derivatives are made of operators, and those have derivatives. */
const mayRefer = (file: string): boolean => file.startsWith('tensor/operators/');

interface Row {
  readonly room: string;
  /** Rooms that it imports. */
  readonly imports: readonly string[];
}

const codeWords = (markdown = ''): string[] => [...markdown.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);

/** The table under "Rooms": the first column names the room, the last one what it imports. */
const rows: readonly Row[] = (/^## Rooms$(.*?)^## /ms.exec(text)?.[1] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').slice(1, -1))
  .map((cells) => ({ room: codeWords(cells[0])[0]?.replace('/', '') ?? '', imports: codeWords(cells.at(-1)) }));

/** Those of `belong to all`, which stand outside of the rooms. */
const shared = codeWords(/^.*belong to all/m.exec(text)?.[0]);

const isFolder = (file: string): boolean => !file.includes('.');
const roomOf = (file: string): string => file.split('/')[0] ?? '';
const showImport = ([file, imported]: readonly [string, string]): string => `${file} imports ${imported}`;

/** For each file of src, tests left out, the files that it imports, types included. */
const importsOf: ReadonlyMap<string, readonly string[]> = new Map(
  readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/\.(test|d)\.ts$/.test(file))
    .map((file) => {
      const base = new URL(file, source);
      const { importedFiles } = ts.preProcessFile(readFileSync(base, 'utf8'), true, true);
      const own = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
      const paths = own.map((name) => fileURLToPath(new URL(name.replace(/\.js$/, '.ts'), base)));
      return [file, paths.map((path) => path.replace(fileURLToPath(source), ''))];
    }),
);
const arrows = [...importsOf].flatMap(([file, imports]) => imports.map((imported) => [file, imported] as const));

describe('docs/architecture.md', () => {
  it('lists every room, and no other', () => {
    expect(rows.map(({ room }) => room).sort()).toEqual(readdirSync(source).filter(isFolder).sort());
  });

  it('lists every file that stands outside of the rooms', () => {
    const files = readdirSync(source).filter((file) => /(?<!\.test)\.ts$/.test(file) && file !== 'index.ts');
    expect(shared.sort()).toEqual(files.sort());
  });

  it('lets a room import only those above it', () => {
    const order = rows.map(({ room }) => room);
    const upward = rows.flatMap(({ room, imports }) =>
      imports.filter((each) => !order.slice(0, order.indexOf(room)).includes(each)).map((each) => `${room} <- ${each}`),
    );
    expect(upward).toEqual([]);
  });
});

describe('the code', () => {
  const allowed = new Map(rows.map(({ room, imports }) => [room, [room, ...imports, ...shared]]));

  it('imports only what the table allows', () => {
    const others = arrows.filter(
      ([file, imported]) => file !== 'index.ts' && !(allowed.get(roomOf(file)) ?? shared).includes(roomOf(imported)),
    );
    expect(arrows.length).toBeGreaterThan(1_000);
    expect(others.map(showImport)).toEqual([]);
  });

  it('uses every arrow of the table', () => {
    const used = new Set(arrows.map(([file, imported]) => `${roomOf(file)} <- ${roomOf(imported)}`));
    const shown = rows.flatMap(({ room, imports }) => imports.map((each) => `${room} <- ${each}`));
    expect(shown.filter((arrow) => !used.has(arrow))).toEqual([]);
  });

  it('has no circles between files, types included', () => {
    expect(inCircles(importsOf).filter((file) => !mayRefer(file))).toEqual([]);
  });
});

/** Files from which imports lead back to themselves. */
const inCircles = (graph: ReadonlyMap<string, readonly string[]>): string[] =>
  [...graph.keys()].filter((file) => {
    const reached = new Set(graph.get(file));
    for (const each of reached) for (const imported of graph.get(each) ?? []) reached.add(imported);
    return reached.has(file);
  });
