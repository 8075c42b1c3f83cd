/** @file What is written about the strategies: docs/strategies.md lists the settings that each has. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { strategies } from './registry.js';

/** By the strategy that they are about. */
const sections = new Map(
  readFileSync(new URL('../../docs/strategies.md', import.meta.url), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => [nameOf(section), section] as const),
);

/** The heading, or where that is no name the one with which the text begins. */
function nameOf(section: string): string {
  const [heading = '', , text = ''] = section.split('\n');
  return /^[a-z0-9-]+$/.test(heading) ? heading : (/^`([\w-]+)`/.exec(text)?.[1] ?? heading);
}

/** The names in the first column of a table of parameters. */
const tabulated = (section: string): string[] => {
  const [, rows = ''] = section.split(/^\| parameter \|.*\n\| ---.*\n/m);
  return [...rows.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
};

/**
 * The settings that a section lists: those of its table, or those of another section to which "Parameters as for NAME" or
 * "Parameters as above" refers (above is the section before), without those that it takes away.
 */
function documented(name: string): string[] {
  const section = sections.get(name) ?? '';
  const text = section.replace(/\s+/g, ' ');
  const [, reference, exceptions = ''] = /Parameters as (above|for [\w ]+)(?:, without ([^.]*))?\./.exec(text) ?? [];
  if (reference === undefined) return tabulated(section);
  const names = [...sections.keys()];
  const other = reference === 'above' ? names[names.indexOf(name) - 1] : reference.slice(4).replaceAll(' ', '-');
  return documented(other ?? '').filter((setting) => !exceptions.includes(`\`${setting}\``));
}

describe('docs/strategies.md', () => {
  it.each(strategies.map((strategy) => [strategy.name, strategy] as const))(
    'lists exactly the settings of %s',
    (name, { settings }) => {
      expect([...sections.keys()]).toContain(name);
      expect(documented(name).sort()).toEqual(Object.keys(settings.shape).sort());
    },
  );
});
