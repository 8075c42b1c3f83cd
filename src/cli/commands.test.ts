import { spawnSync } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { commandsIn } from '../../test/cli/commands.js';
import { nas, newFolder } from '../../test/cli/nas.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = newFolder();
/** Neither the user's store nor cache is touched. */
const env = { NASTURTIUM_STORE: join(folder, 'studies.db'), NASTURTIUM_CACHE: join(folder, 'cache') };
const run = commandsIn(folder, env);
afterEach(() => vi.unstubAllEnvs());

async function jsonOf(...args: string[]) {
  const { status, stdout } = await run(...args, '--json');
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describe('commands that look', () => {
  it('cost counts a preset', async () => {
    const { params, macs, layers } = await jsonOf('cost', 'mobilenet_v2');
    expect(params).toBe(3_504_872); // torchvision
    expect(macs).toBeGreaterThan(300e6);
    expect(layers.length).toBeGreaterThan(50);
    expect(Object.keys(layers[0])).toEqual(['name', 'operator', 'outputShape', 'params', 'macs']);
  });

  it('cost counts genotypes, for other images and classes', async () => {
    // Every edge does nothing: stem 3·16·9 + 32, two reductions, head.
    const cell = '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|';
    const small = await jsonOf('cost', `nas-bench-201:${cell}`);
    const larger = await jsonOf('cost', `nas-bench-201:${cell}`, '--classes', '100');
    expect(larger.params - small.params).toBe(90 * 65);
    const gray = await jsonOf('cost', `nas-bench-201:${cell}`, '--input', '1x32x32');
    expect(small.params - gray.params).toBe(2 * 9 * 16);
  });

  it('cost reads files of architectures and of networks', async () => {
    const { architectures } = await jsonOf('sample', 'mobile', '--seed', '5');
    const file = join(folder, 'architecture.json');
    writeFileSync(file, JSON.stringify({ space: 'mobile', architecture: architectures[0] }));
    const fromFile = await jsonOf('cost', file);
    const { stdout } = await run('sample', 'mobile', '--seed', '5', '--quiet');
    const fromNotation = await jsonOf('cost', `mobile:${stdout.trim()}`);
    expect({ ...fromFile, target: '' }).toEqual({ ...fromNotation, target: '' });
  });

  it('sample draws the same for the same seed, and other ones for another', async () => {
    const first = await jsonOf('sample', 'nas-bench-201', '-n', '4', '--seed', '1');
    expect(first.architectures).toHaveLength(4);
    expect(await jsonOf('sample', 'nas-bench-201', '-n', '4', '--seed', '1')).toEqual(first);
    expect((await jsonOf('sample', 'nas-bench-201', '-n', '4', '--seed', '2')).architectures).not.toEqual(
      first.architectures,
    );
  });

  it('spaces tells exact sizes as text', async () => {
    const { spaces } = await jsonOf('spaces');
    expect(spaces.find((each: { name: string }) => each.name === 'nas-bench-201').size).toBe('15625');
    const [one, ...others] = (await jsonOf('spaces', 'nas-bench-201')).spaces;
    expect(others).toEqual([]);
    expect(one.decisions[0]).toEqual({ path: 'architecture[0][0]', options: expect.arrayContaining(['nor_conv_3x3']) });
  });

  it('strategies and evaluations tell settings and defaults', async () => {
    const { evaluations } = await jsonOf('evaluations', 'train');
    expect(evaluations[0].settings).toContainEqual(expect.objectContaining({ name: 'epochs', default: null }));
    const { strategies } = await jsonOf('strategies');
    expect(strategies.map((each: { name: string }) => each.name)).toContain('regularized-evolution');
  });

  it('data lists the built-in datasets', async () => {
    const { data } = await jsonOf('data');
    expect(data.map((each: { name: string }) => each.name)).toEqual(['fashion-mnist', 'mnist', 'cifar10', 'digits']);
  });

  it('studies of a default store that is not there yet are none, those of a named one an error', async () => {
    const home = newFolder();
    vi.stubEnv('NASTURTIUM_STORE', '');
    vi.stubEnv('XDG_DATA_HOME', home);
    const { status, stdout } = await run('studies', '--json');
    expect([status, JSON.parse(stdout)]).toEqual([0, { studies: [] }]);
    const named = await run('studies', '--store', join(home, 'other.db'));
    expect([named.status, named.stdout]).toEqual([2, '']);
    expect(named.stderr).toContain(`There is no store at ${join(home, 'other.db')}`);
  });

  it('doctor checks each thing, with a mend for what fails', async () => {
    vi.stubEnv('npm_config_registry', 'http://localhost:9');
    vi.stubEnv('npm_config_offline', 'false');
    vi.stubEnv('REDIS_URL', 'redis://localhost:9');
    const { stdout, status, stderr } = await run('doctor', '--json', '--store', '/proc/nowhere/studies.db');
    const { checks } = JSON.parse(stdout);
    const byName = new Map(checks.map((each: { name: string }) => [each.name, each]));
    expect([...byName.keys()]).toEqual([
      'Node.js',
      'ONNX Runtime',
      'processor',
      'memory',
      'store',
      'cache folder',
      'npm registry',
      'Redis',
    ]);
    expect(byName.get('ONNX Runtime')).toMatchObject({ ok: true, fix: null });
    expect(byName.get('store')).toMatchObject({ ok: false, fix: expect.stringContaining('--store') });
    expect(byName.get('npm registry')).toMatchObject({ ok: false, fix: expect.stringContaining('npm ping') });
    expect(byName.get('Redis')).toMatchObject({ ok: false });
    expect(status).toBe(1);
    expect(stderr).toContain('3 of 8 checks failed: store, npm registry, Redis.');
  });
});

describe('the command line', () => {
  it.each([
    [['serch'], /^error: There is no command "serch" \(did you mean search\?\); the commands are search, resume, /],
    [
      ['search', '--max-param', '3'],
      /^error: There is no option --max-param \(did you mean --max-params\?\); 'nas search --help' lists them\.$/,
    ],
    [['cost'], /^error: 'nas cost' needs TARGET: nas cost \[options\] <target>\.$/],
    [['cost', 'resnet18', 'resnet50'], /^error: 'nas cost' was given too many arguments: "resnet18", "resnet50"\./],
    [
      ['cost', 'mobilnet_v2'],
      /^error: There is no architecture "mobilnet_v2" \(did you mean mobilenet_v2\?\): give a preset \(`nas presets` lists them\)/,
    ],
    [
      ['cost', 'resnet18', '--input', '3x32'],
      /^error: The option --input is "3x32", but it must be CHANNELSxHEIGHTxWIDTH with whole numbers/,
    ],
    [
      ['cost', 'resnet18', '--classes', '-5'],
      /^error: The option --classes is "-5", but it must be a whole number from 2 to 65535\.$/,
    ],
    [['cost', 'none.onnx'], /^error: There is no model file none\.onnx\.$/],
    [
      ['cost', 'mobile:nonsense'],
      /^error: "nonsense" is neither JSON nor in another notation of its space: at column 1/,
    ],
    [
      ['sample', 'mobile', '-n', 'many'],
      /^error: The option -n, --count is "many", but it must be a whole number from 1 to 100000\.$/,
    ],
    [['sample', 'mobil'], /^error: There is no search space "mobil" \(did you mean mobile\?\)/],
    [['data', 'minst'], /^error: There is no dataset "minst" \(did you mean mnist\?\); there are /],
    [['evaluate', 'model.onnx'], /^error: 'nas evaluate' needs the option --data <data>\.$/],
    [['evaluate', 'model.onnx', '--data', 'digits'], /^error: There is no model file model\.onnx\.$/],
    [
      ['evaluate', 'model.onnx', '--data', 'digits', '--split', 'tests'],
      /^error: The option --split is "tests" \(did you mean test\?\), but it must be test, valid, train\.$/,
    ],
    [['search'], /^error: Which images\? Give --data/],
    [['search', 'none.yaml'], /^error: There is no config file none\.yaml\.$/],
    [
      ['search', '--data', 'digits', '--max-params', '-5'],
      /^error: The option --max-params is "-5", but it must be a positive number such as/,
    ],
    [
      ['search', '--data', 'digits', '--budget', '10'],
      /^error: The option --budget is "10", but it must be a time with its unit/,
    ],
    [['search', '--data', 'digits', '--trials'], /^error: The option --trials <n> needs a value\.$/],
    [['search', '--data', 'digitz'], /^error: There is no dataset, file or folder 'digitz' \(did you mean digits\?\)/],
    [['search', '--data', 'nowhere'], /^error: There is no (dataset, )?file or folder .*nowhere/],
    [
      ['search', '--data', 'digits', '--max-params', '10'],
      /^error: No network has at most 10 parameters \(--max-params\): the smallest that the search space can reach is [\d,]+ parameters\./,
    ],
    [['search', '--data', 'digits', '--store', '.'], /^error: \. is a folder, not a store\./],
    [
      ['search', '--data', 'digits', '--out', 'architecture.json'],
      /^error: The output .*architecture\.json is a file, not a folder/,
    ],
    [['search', '--data', 'digits', '--out', '/proc/nas'], /^error: The output folder \/proc\/nas cannot be written/],
    [
      ['evaluate', 'architecture.json', '--data', 'digits'],
      /^error: The model file architecture\.json cannot be used\. This is no ONNX model: .*\.$/,
    ],
    [['resume', 'a', '--store', 'misspelt.db'], /^error: There is no store at misspelt\.db\. Check the path given/],
    [['resume', 'nothing'], /^error: There is no study named "nothing"/],
    [['show', 'nothing'], /^error: There is no study named "nothing"/],
    [
      ['train', 'resnet19', '--data', 'digits'],
      /^error: There is no architecture "resnet19" \(did you mean resnet18\?\)/,
    ],
    [
      ['train', 'mobile-16', '--data', 'digits', '--epochs', '0'],
      /^error: The option --epochs is "0", but it must be a whole number from 1 to 10000\.$/,
    ],
    [['bench', 'training', 'resnet-33'], /^error: There is no reference network "resnet-33": they are resnet-32, /],
    [['bench', 'training', 'mobile-16', '--threads', 'x'], /^error: The option --threads is "x"/],
  ] as const)('ends %j with 2 and one clear error', async (args, sentence) => {
    writeFileSync(join(folder, 'architecture.json'), '{}');
    const { status, stdout, stderr } = await run(...args);
    expect(stderr.trimEnd()).toMatch(sentence);
    expect(stderr).not.toContain('    at ');
    expect([status, stdout]).toEqual([2, '']);
  });

  it('makes no store where the name of one to resume from is misspelt', async () => {
    await run('resume', 'a', '--store', 'wrong.db');
    expect(existsSync(join(folder, 'wrong.db'))).toBe(false);
  });

  it.skipIf(!existsSync('/dev/full'))('fails in one sentence where its output cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [main, 'spaces'], { stdio: ['ignore', full, 'pipe'] });
    expect(String(stderr)).toMatch(/^error: The output cannot be written \(ENOSPC: [^\n]*\)\.\n$/);
    expect(status).toBe(1);
  });

  it('answers no command at all with one JSON document, too', async () => {
    const { status, stdout } = await run('--json');
    expect([status, JSON.parse(stdout).error.kind]).toEqual([2, 'usage']);
  });

  it('gives errors as one JSON document, too', async () => {
    const { status, stdout, stderr } = await run('cost', 'nothing', '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: { kind: 'usage', message: expect.stringContaining('"nothing"'), exitStatus: 2 },
    });
    expect(stderr).toContain('error: There is no architecture');
  });

  it('shows stack traces only with --debug', async () => {
    expect((await run('cost', 'nothing', '--debug')).stderr).toContain('    at ');
  });

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await nas(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it('prints help for nothing on stderr and asked for on stdout', async () => {
    expect(await nas([])).toMatchObject({ status: 2, stdout: '' });
    const { status, stdout, stderr } = await nas(['help', 'cost']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: nas cost');
    expect(stdout).not.toContain('\u001b');
  });

  it('takes options before and after the command', async () => {
    expect((await run('--json', 'sample', 'mobile')).stdout).toBe((await run('sample', 'mobile', '--json')).stdout);
  });

  it('leaves out hints with --quiet', async () => {
    expect((await run('spaces')).stdout).toContain('nas spaces NAME');
    expect((await run('spaces', '--quiet')).stdout).not.toContain('nas spaces NAME');
  });

  it('writes no colour where the output is no terminal', async () => {
    for (const args of [
      ['spaces', 'mobile'],
      ['cost', 'nothing', '--debug'],
    ]) {
      const { stdout, stderr } = await nas(args);
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });

  it.skipIf(process.platform === 'win32')('ends quietly where its reader has seen enough', () => {
    const command = `"${process.execPath}" "${main}" sample mobile -n 10000 | head -n 1`;
    const { stdout, stderr, status } = spawnSync('bash', ['-c', `set -o pipefail; ${command}`], { encoding: 'utf8' });
    expect(stdout.split('\n')).toHaveLength(2);
    expect([status, stderr]).toEqual([0, '']);
  });

  it.skipIf(spawnSync('script', ['--version']).status !== 0)(
    'writes colour to a terminal, but not with NO_COLOR',
    () => {
      const seen = (extra: NodeJS.ProcessEnv) =>
        spawnSync('script', ['-qec', `"${process.execPath}" "${main}" spaces mobile`, '/dev/null'], {
          encoding: 'utf8',
          env: { ...process.env, TERM: 'xterm', ...extra },
        }).stdout;
      expect(seen({})).toContain('\u001b[1mmobile');
      expect(seen({ NO_COLOR: '1' })).not.toContain('\u001b');
    },
  );
});
