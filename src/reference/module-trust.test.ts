/** @file Modules that files name: what may run without being allowed, and what is said of the rest. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordedModule, refuseUnknown } from './module-trust.js';

const naming = { by: 'The study', as: 'a search space' };
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

describe.skipIf(process.platform !== 'linux')('a module that a study names', () => {
  let folder: string;
  let module: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'module-trust-'));
    module = join(folder, 'mine.mjs');
    writeFileSync(module, 'one');
    vi.stubEnv('XDG_DATA_HOME', join(folder, 'data'));
  });
  afterEach(() => vi.unstubAllEnvs());

  it('runs where it is what this user named, and has not changed', () => {
    const named = recordedModule(module);
    expect(named).toMatchObject({ module, digest: digestOf('one') });
    expect(() => refuseUnknown(named, naming, [])).not.toThrow();
    // Nobody else reads the key.
    expect(statSync(join(folder, 'data/nasturtium/module-key')).mode & 0o777).toBe(0o600);
  });

  it('is refused where it has changed, unless its path or its new digest is allowed', () => {
    const named = recordedModule(module);
    writeFileSync(module, 'two');
    expect(() => refuseUnknown(named, naming, [])).toThrow(
      `The study names a module of a search space that is to be run, ${module}, but another file is there now (its sha-256 is ${digestOf('two')}, and was ${digestOf('one')}): look at that file, and add --allow-module ${module} if it may run here.`,
    );
    expect(() => refuseUnknown(named, naming, [digestOf('one'), join(folder, 'other.mjs')])).toThrow('another file');
    expect(() => refuseUnknown(named, naming, [digestOf('two')])).not.toThrow();
    expect(() => refuseUnknown(named, naming, [module])).not.toThrow();
  });

  it('is refused where another user recorded it', () => {
    const named = recordedModule(module);
    vi.stubEnv('XDG_DATA_HOME', join(folder, 'another'));
    expect(() => refuseUnknown(named, naming, [])).toThrow(
      `another user or machine recorded it (its sha-256 is ${digestOf('one')})`,
    );
  });

  it('is refused where its seal is of another path or digest, or none', () => {
    const named = recordedModule(module);
    const other = join(folder, 'other.mjs');
    writeFileSync(other, 'one');
    expect(() => refuseUnknown({ ...named, module: other }, naming, [])).toThrow('another user or machine');
    writeFileSync(module, 'two');
    expect(() => refuseUnknown({ ...named, digest: digestOf('two') }, naming, [])).toThrow('another user or machine');
    expect(() => refuseUnknown({ module, digest: digestOf('two') }, naming, [])).toThrow('another user or machine');
    expect(() => refuseUnknown({ module }, naming, [])).toThrow(
      `but not what was in it (its sha-256 is ${digestOf('two')})`,
    );
  });

  it('is recorded without a seal where no key can be kept', () => {
    writeFileSync(join(folder, 'file'), '');
    vi.stubEnv('XDG_DATA_HOME', join(folder, 'file'));
    const named = recordedModule(module);
    expect(named).toEqual({ module, digest: digestOf('one') });
    expect(() => refuseUnknown(named, naming, [])).toThrow('another user or machine');
  });

  it('is left to who loads it where it is gone', () => {
    const named = recordedModule(module);
    rmSync(module);
    expect(() => refuseUnknown(named, naming, [])).not.toThrow();
  });
});
