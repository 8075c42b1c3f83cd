/** @file A name of a type means one thing: no two files export types of the same name. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const exported = /^export (?:default )?(?:abstract )?(?:declare )?(?:class|enum|interface|type) (\w+)/gm;

it('every type is exported under a name of its own', async () => {
  const files = (await readdir('src', { recursive: true })).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const places = new Map<string, string[]>();
  for (const file of files) {
    for (const [, name = ''] of readFileSync(join('src', file), 'utf8').matchAll(exported)) {
      places.set(name, [...(places.get(name) ?? []), file]);
    }
  }
  expect(places.size).toBeGreaterThan(200);
  expect(Object.fromEntries([...places].filter(([, all]) => all.length > 1))).toEqual({});
});
