/** @file The golden check passes PyTorch's values in both lowerings, and fails wrong ones with a line that says which. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blockSize } from '../engine/blocked-kernels.js';
import { nodeEngine } from '../engine/node-engine.js';
import { UsageError } from '../error.js';
import { golden } from './golden.js';
import { recipeOf } from './training-network.js';

const engine = nodeEngine();

const reference = fileURLToPath(new URL('../../test/reference/golden/', import.meta.url));
let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'nasturtium-golden-'));
});
afterAll(() => rmSync(scratch, { recursive: true }));

const read = (name: string) => JSON.parse(readFileSync(join(reference, name), 'utf8'));

/** Checks a folder of these files. */
async function check(files: { readonly [name: string]: unknown }) {
  const folder = mkdtempSync(join(scratch, 'folder-'));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  const lines: string[] = [];
  const code = await golden(engine, folder, (line) => lines.push(line));
  return { code, lines, failed: lines.filter((line) => line.startsWith('FAILED')) };
}

test('all reference values of PyTorch are met', async () => {
  const lines: string[] = [];
  expect(await golden(engine, reference, (line) => lines.push(line))).toBe(0);
  const ok = lines.filter((line) => line.startsWith('ok'));
  expect(ok.filter((line) => line.includes(' ops.json'))).toHaveLength(40);
  expect(ok.filter((line) => line.includes(' optimizers.json'))).toHaveLength(4);
  expect(ok.filter((line) => line.includes(' training.json'))).toHaveLength(4);
  expect(ok.filter((line) => line.includes(' zero_cost.json'))).toHaveLength(30);
  expect(lines[0]).toContain((await blockSize(engine)) === null ? 'Standard operators only' : 'both');
});

describe('values that are off', () => {
  test('an output, a gradient and a statistic fail by name', async () => {
    const { cases } = read('ops.json');
    const [convolution] = cases;
    const batchNorm = cases.find((given: { op: string }) => given.op === 'batchNorm');
    convolution.inputGrads.weight.data[3] += 0.01;
    batchNorm.runningVarAfter.data[0] *= 1.01;
    const { code, failed } = await check({ 'ops.json': { cases: [convolution, batchNorm, cases[1]] } });
    expect(code).toBe(1);
    expect(failed).toHaveLength(2);
    expect(failed[0]).toMatch(/ops\.json: conv2d .*gradient of weight/);
    expect(failed[1]).toMatch(/batchNorm .*runningVarAfter/);
  });

  test('the tolerance of the file counts', async () => {
    const { cases } = read('ops.json');
    const tight = await check({ 'a.json': { tolerance: { relative: 0, absolute: 1e-12 }, cases: cases.slice(0, 1) } });
    expect(tight.code).toBe(1);
    cases[0].output.data[0] += 0.5;
    const wide = await check({ 'a.json': { tolerance: { relative: 0, absolute: 1 }, cases: cases.slice(0, 1) } });
    expect(wide.code).toBe(0);
  });

  test('a step of an optimiser fails', async () => {
    const { cases } = read('optimizers.json');
    cases[2].parameters[4].data[1] += 1e-3;
    const { failed } = await check({ 'optimizers.json': { cases } });
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatch(/adam .*step 4/);
  });

  test('each part of a training run fails alone', async () => {
    const run = read('training.json');
    const other = structuredClone(run);
    other.losses[2] += 0.001;
    other.final['block2.fc1.bias'].data[0] += 0.001;
    other.final['block1.bn2.running_mean'].data[0] += 0.001;
    other.eval.logits.data[5] += 0.01;
    const { failed } = await check({ 'training.json': other });
    expect(failed).toHaveLength(4);
    expect(failed[0]).toMatch(/losses: .*step 3/);
    expect(failed[1]).toMatch(/final weights: .*block2\.fc1\.bias/);
    expect(failed[2]).toMatch(/running statistics: .*block1\.bn2\.running_mean/);
    expect(failed[3]).toMatch(/logits/);
  });
});

describe('files that cannot be checked', () => {
  test('an unknown operator is one failed line among others', async () => {
    const { cases } = read('ops.json');
    const { code, lines, failed } = await check({ 'ops.json': { cases: [{ ...cases[0], op: 'conv9d' }, cases[0]] } });
    expect(code).toBe(1);
    expect(failed).toEqual([
      expect.stringMatching(/ops\.json: case 1: there is no operator "conv9d"; there are: conv2d/),
    ]);
    expect(lines.filter((line) => line.startsWith('ok'))).toHaveLength(1);
  });

  test('a case with a wrong attribute, a missing input or too few elements says which', async () => {
    const { cases } = read('ops.json');
    const average = cases.find((given: { op: string }) => given.op === 'avgPool2d');
    const bent = { ...average, attrs: { ...average.attrs, countIncludePad: true } };
    const { weight: _, ...inputs } = cases[0].inputs;
    const short = structuredClone(cases[0]);
    short.inputs.x.data.pop();
    const { failed } = await check({ 'ops.json': { cases: [bent, { ...cases[0], inputs }, short] } });
    expect(failed[0]).toContain('countIncludePad');
    expect(failed[1]).toContain('no input "weight"');
    expect(failed[2]).toContain('inputs.x: the number of elements does not fit the shape');
  });

  test('a training run that lacks a weight, or has one too many, says which', async () => {
    const run = read('training.json');
    const { 'block1.dw.weight': weight, ...initial } = run.initial;
    const lacking = await check({ 'a.json': { ...run, initial: { ...run.initial, 'bn.weight': undefined } } });
    expect(lacking.failed).toEqual([expect.stringContaining('"bn.weight" is missing')]);
    const more = await check({
      'a.json': { ...run, initial: { ...initial, 'block1.dw.weight': weight, extra: weight } },
    });
    expect(more.failed).toEqual([expect.stringContaining('has no "extra"')]);
  });

  test('broken JSON is a failed line, a file of another form is passed over', async () => {
    const { code, lines, failed } = await check({
      'broken.json': '{"cases": [',
      'other.json': { network: 'nas-bench-201', cases: [{ cell: '|none~0|' }] },
      'optimizers.json': read('optimizers.json'),
    });
    expect(code).toBe(1);
    expect(failed).toEqual([expect.stringContaining('broken.json: not to be read as JSON')]);
    expect(lines).toContainEqual(expect.stringMatching(/^- +other\.json: .*not checked/));
  });

  test('a folder that is missing, empty or holds nothing to check is wrong usage', async () => {
    const empty = join(scratch, 'empty');
    mkdirSync(empty);
    await expect(golden(engine, undefined, () => {})).rejects.toThrow(UsageError);
    await expect(golden(engine, join(scratch, 'nowhere'), () => {})).rejects.toThrow(/cannot be read/);
    await expect(golden(engine, empty, () => {})).rejects.toThrow(/no \.json files/);
    await expect(check({ 'other.json': [1, 2] })).rejects.toThrow(/No file in .* can be checked/);
  });
});

test('the recipe of a training run is read from its note', () => {
  expect(recipeOf(read('training.json').note)).toEqual({
    learningRate: 0.05,
    momentum: 0.9,
    weightDecay: 3e-4,
    nesterov: false,
    strides: [1, 2],
  });
  const other =
    'inverted residual e2 k5 s2 (8->8); SGD lr 0.1 momentum .8 weight decay 1e-3 on all, Nesterov; BN momentum .1';
  expect(recipeOf(other)).toEqual({
    learningRate: 0.1,
    momentum: 0.8,
    weightDecay: 1e-3,
    nesterov: true,
    strides: [2],
  });
  expect(recipeOf('')).toMatchObject({ learningRate: 0.05, momentum: 0.9, weightDecay: 3e-4, strides: [] });
});
