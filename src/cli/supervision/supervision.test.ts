/** @file Modules of the user's own that do not end, take too much or fail outside of any call: how the program ends them, and what it says. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nas, newFolder } from '../../../test/cli/nas.js';

const folder = newFolder();
const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const example = fileURLToPath(new URL('../../../examples/own-space.mjs', import.meta.url));

function moduleOf(name: string, text: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
}

/** What a module says when it has begun not to end, and its process. */
const saysThatItBegins = `import { writeSync } from 'node:fs'; writeSync(2, 'begun ' + process.pid + '\\n');`;
const run = (file: string, ...args: string[]) => nas(['spaces', file, ...args], { cwd: folder });

describe('a module that does not end', () => {
  it.each([
    ['computes', 'for (;;);'],
    ['waits', 'await new Promise(() => {});'],
  ])('is ended after its time where it %s', async (name, text) => {
    const file = moduleOf(name, `${saysThatItBegins}\n${text}`);
    const env = { NASTURTIUM_MODULE_SECONDS: '0.5' };
    const { status, stdout, stderr } = await nas(['spaces', file, '--json'], { cwd: folder, env });
    const message = `After 0.5 s the top level of the module ${file} had not ended, and was ended: correct it, or allow it more time by the environment variable NASTURTIUM_MODULE_SECONDS.`;
    expect(JSON.parse(stdout)).toEqual({ error: { kind: 'work', message, exitStatus: 1 } });
    expect(stderr).toMatch(/^begun \d+\nerror: After /);
    expect(status).toBe(1);
  });

  it('is ended by one Ctrl-C', async () => {
    const file = moduleOf('deaf', `${saysThatItBegins}\nfor (;;);`);
    let sent = false;
    const { status, stderr } = await nas(['spaces', file], {
      cwd: folder,
      onError: (text, child) => {
        if (!sent && text.includes('begun')) sent = child.kill('SIGINT');
      },
    });
    expect([status, stderr.replace(/^begun.*\n/, '')]).toEqual([
      130,
      `Stopped in the top level of the module ${file}, which did not end.\n`,
    ]);
  });

  it('ends with the program, however that ends', async () => {
    const file = moduleOf('left', `${saysThatItBegins}\nfor (;;);`);
    let pid = 0;
    const { status } = await nas(['spaces', file], {
      cwd: folder,
      onError: (text, child) => {
        if (pid !== 0 || !/begun \d+\n/.test(text)) return;
        pid = Number(/begun (\d+)/.exec(text)?.[1]);
        child.kill('SIGKILL');
      },
    });
    expect(status).toBe('SIGKILL');
    const lives = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    for (let look = 0; look < 500 && lives(); look++) await pause(20);
    expect(lives()).toBe(false);
  });
});

describe('a module that takes all memory', () => {
  it.each([
    [
      'in the heap',
      'const m = new Map(); for (let i = 0; ; i++) m.set(i, [i]);',
      /^error: There was no memory left in/,
    ],
    [
      'beside it',
      'const a = []; for (;;) a.push(new Float64Array(1e6).fill(1));',
      /^error: The process grew by more than 200 MiB in/,
    ],
  ])('is told %s', async (name, text, sentence) => {
    const file = moduleOf(name.replaceAll(' ', '-'), text);
    const env = { NODE_OPTIONS: '--max-old-space-size=100', NASTURTIUM_MODULE_MEMORY: '200MB' };
    const { status, stdout, stderr } = await nas(['spaces', file], { cwd: folder, env });
    expect(stderr).toMatch(sentence);
    expect(stderr).toContain(`the top level of the module ${file}`);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([status, stdout]).toEqual([1, '']);
  });
});

describe('a module that fails outside of any call', () => {
  const space = `export { default } from ${JSON.stringify(example)};`;
  it.each([
    [
      'a timer',
      "setTimeout(function tick() {\n  throw new Error('boom');\n});\nawait new Promise(() => {});",
      'A timer or a promise failed in FILE, line 2, in tick (boom), and nothing caught it: catch it there.',
    ],
    [
      'a promise',
      `${space}\nPromise.reject(new RangeError('late'));`,
      'A timer or a promise failed in FILE, line 2 (late), and nothing caught it: catch it there.',
    ],
    [
      'a promise with a text',
      `${space}\nPromise.reject('late');`,
      'A timer or a promise failed in a module of your own (late), and nothing caught it: catch it there.',
    ],
    [
      'process.exit',
      'process.exit(0);',
      'The program was ended by process.exit(0) in FILE, line 1: leave that out; an error that is thrown is told.',
    ],
  ])('is told by %s', async (name, text, sentence) => {
    const file = moduleOf(name.replaceAll(' ', '-'), text);
    const { status, stderr } = await run(file);
    expect([status, stderr]).toEqual([1, `error: ${sentence.replace('FILE', file)}\n`]);
  });
});

describe('a module that prints', () => {
  it('prints to stderr, whatever it prints to', async () => {
    const file = moduleOf(
      'talking',
      `export { default } from ${JSON.stringify(example)};\nconsole.log('one');\nconsole.error('two');`,
    );
    const { status, stdout, stderr } = await run(file, '--json');
    expect(JSON.parse(stdout).spaces).toHaveLength(1);
    expect(stderr.split('\n').sort()).toEqual(['', 'one', 'two']);
    expect(status).toBe(0);
  });
});

describe('a command with a module', () => {
  it.skipIf(spawnSync('script', ['--version']).status !== 0)('writes colour to a terminal', () => {
    const { stdout } = spawnSync(
      'script',
      ['-qec', `"${process.execPath}" "${main}" spaces "${example}"`, '/dev/null'],
      {
        encoding: 'utf8',
        env: { ...process.env, TERM: 'xterm', NO_COLOR: '' },
      },
    );
    expect(stdout).toContain('\u001b[1mblurred');
  });

  it('tells which allowance cannot be read', async () => {
    const { status, stderr } = await nas(['spaces', example], { env: { NASTURTIUM_MODULE_SECONDS: 'soon' } });
    expect([status, stderr]).toEqual([
      2,
      'error: The environment variable NASTURTIUM_MODULE_SECONDS is "soon", but it must be a positive number such as 2.5.\n',
    ]);
  });
});
