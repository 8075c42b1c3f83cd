/** @file `nas score` prints scores, null with a reason where there are none, and what is wrong in one sentence. */
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../test/cli/commands.js';
import { newFolder } from '../../test/cli/nas.js';

const nas = commandsIn(newFolder(), {});
const common = ['--space', 'nas-bench-201', '--data', 'digits'];
const run = (...args: string[]) => nas('score', ...args, ...common);

describe('nas score', () => {
  it('scores architectures in their order, in the notation of the space', async () => {
    const { status, stdout } = await run('all_c1x1', 'all_idnt', '--proxies', 'params,nwot', '--batch', '8', '--json');
    expect(status).toBe(0);
    const { scores } = JSON.parse(stdout);
    expect(scores.map(({ architecture }: { architecture: string }) => architecture.slice(0, 15))).toEqual([
      '|nor_conv_1x1~0',
      '|skip_connect~0',
    ]);
    expect(scores[0].params).toBeGreaterThan(scores[1].params);
    expect(scores[0].nwot).toBeGreaterThan(scores[1].nwot);
    expect(scores[0]).not.toHaveProperty('reasons');
  });

  it('takes other images and weights with another seed, and batches of the size that is asked for', async () => {
    const scoreOf = async (...args: string[]) =>
      JSON.parse((await run('all_idnt', '--proxies', 'nwot', ...args, '--json')).stdout).scores[0].nwot;
    const first = await scoreOf('--batch', '8');
    expect(await scoreOf('--batch', '8', '--seed', '0')).toBe(first);
    expect(await scoreOf('--batch', '8', '--seed', '1')).not.toBe(first);
    expect(await scoreOf('--batch', '9')).toBeGreaterThan(first);
  });

  it('says why a score is undefined', async () => {
    const { status, stdout } = await run('all_idnt', '--proxies', 'snip,params', '--batch', '1', '--json');
    expect(status).toBe(0);
    const [{ snip, params, reasons }] = JSON.parse(stdout).scores;
    expect(snip).toBeNull();
    expect(params).toBeGreaterThan(0);
    expect(reasons).toEqual({ snip: 'all images are of one class' });
    const { stdout: text } = await run('all_idnt', '--proxies', 'jacob_cov', '--batch', '1');
    expect(text).toContain('a single image cannot be compared with others.');
  });

  it('refuses unknown scores and architectures, and more images than there are', async () => {
    const unknown = await run('all_idnt', '--proxies', 'synflo');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toContain('There is no proxy "synflo" (did you mean synflow?)');
    expect((await run('all_idn', '--proxies', 'params')).status).toBe(2);
    const many = await run('all_idnt', '--proxies', 'nwot', '--batch', '5000');
    expect(many.status).toBe(2);
    expect(many.stderr).toContain('fewer than one batch of 5000');
  });
});
