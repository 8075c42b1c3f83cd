/** @file A config put together from a file, options and assignments. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../error.js';
import { mergeConfig, readSearchConfig } from './config-source.js';

describe('a config of several sources', () => {
  const file = { data: 'digits', trials: 3, strategy: { name: 'random', a: 1, b: 2 } };

  it('has options before the file, and assignments before both', () => {
    const assignments = [{ path: ['trials'], value: 5 }];
    expect(mergeConfig({ file, options: { trials: '4', seed: '1' } })).toMatchObject({
      trials: '4',
      seed: '1',
      data: 'digits',
    });
    expect(mergeConfig({ file, options: { trials: '4' }, assignments })).toMatchObject({ trials: 5 });
  });

  it('keeps the settings of a file beside those of an option that names the same', () => {
    const strategyOf = (strategy: string) => mergeConfig({ file, options: { strategy } }).strategy;
    expect(strategyOf('random')).toEqual(file.strategy);
    expect(strategyOf('random:b=3')).toEqual({ name: 'random', a: 1, b: 3 });
    expect(strategyOf('asha:b=3')).toBe('asha:b=3');
    expect(strategyOf('random:')).toBe('random:');
  });

  it('sets single settings of what is named, or holds without being named', () => {
    const set = (path: string, options = {}) =>
      mergeConfig({ file: {}, options, assignments: [{ path: path.split('.'), value: 7 }] });
    expect(set('strategy.sampleSize')).toEqual({ strategy: { name: 'regularized-evolution', sampleSize: 7 } });
    expect(set('strategy.eta', { strategy: 'asha:eta=3,minimise=[params]' })).toEqual({
      strategy: { name: 'asha', eta: 7, minimise: ['params'] },
    });
    expect(set('stopping.eta')).toEqual({ stopping: { eta: 7 } });
    expect(set('final.epochs', { final: false })).toEqual({ final: { epochs: 7 } });
  });
});

describe('a config file', () => {
  const fileOf = (text: string) => {
    const file = join(mkdtempSync(join(tmpdir(), 'nas-config-')), 'a.yaml');
    writeFileSync(file, text);
    return file;
  };

  it('is YAML with settings by name', async () => {
    expect(await readSearchConfig(fileOf('data: digits\ntrials: 3 # few\n'))).toEqual({ data: 'digits', trials: 3 });
    expect(await readSearchConfig(fileOf(''))).toEqual({});
  });

  it('is reported where it is missing, broken, or something else', async () => {
    await expect(readSearchConfig('none.yaml')).rejects.toThrow('There is no config file none.yaml.');
    await expect(readSearchConfig(fileOf('data: [digits'))).rejects.toThrow(/is not YAML: .* at line 1/);
    await expect(readSearchConfig(fileOf('data: *nowhere'))).rejects.toThrow(/is not YAML: Unresolved alias .*nowhere/);
    await expect(readSearchConfig(fileOf('a: 1\n---\na: 2'))).rejects.toThrow(/several documents, divided by ---/);
    await expect(readSearchConfig(tmpdir())).rejects.toThrow(/is a folder, not a file\. To learn from its images/);
    await expect(readSearchConfig(fileOf('a: 1\na: 2'))).rejects.toThrow(/is not YAML: Map keys must be unique/);
    await expect(readSearchConfig(fileOf('- data'))).rejects.toThrow(/holds no settings/);
    await expect(readSearchConfig(fileOf('digits'))).rejects.toThrow(UsageError);
  });
});
