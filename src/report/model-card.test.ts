/** @file The model card: complete in both forms, safe as Markdown, with examples that are JavaScript. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { sampleStudy } from '../../test/report/sample-study.js';
import { modelCard } from './model-card.js';
import type { ModelCardInput } from './model-card-input.js';

const study = sampleStudy({ trials: 12 });

const input: ModelCardInput = {
  name: 'fashion-small',
  file: 'fashion-small.onnx',
  date: '2025-03-01',
  data: study.data,
  input: { channels: 1, height: 25, width: 25 },
  search: { ...study, trials: 12, seconds: 754.3 },
  notation: study.best?.notation ?? '',
  architecture: { stem: { width: 16 } },
  cost: { params: 39_058, macs: 9_281_234, peakActivationBytes: 457_000 },
  accuracy: { test: 0.9174, valid: 0.9222 },
  latency: study.latency,
  training: { epochs: 12, seconds: 214, settings: { batch: 128 } },
  seed: 7,
  machine: study.machine,
  versions: study.versions,
};

const examplesOf = (markdown: string) => [...markdown.matchAll(/```js\n(.*?)```/gs)].map(([, source = '']) => source);

describe('modelCard', () => {
  const { json, markdown } = modelCard(input);

  it('says in JSON what the model is, costs and reaches', () => {
    expect(json).toMatchObject({
      file: 'fashion-small.onnx',
      date: '2025-03-01',
      seed: 7,
      classes: study.data.classes,
      data: { origin: study.data.origin, split: study.data.split },
      input: { name: 'images', shape: ['N', 1, 25, 25], range: [0, 255] },
      accuracy: { test: 0.9174, testImages: 10_000, valid: 0.9222, validImages: 5_000 },
      cost: { params: 39_058, macs: 9_281_234, flops: 18_562_468, peakActivationBytes: 457_000 },
      latency: { medianMs: 0.412, percentile95Ms: 0.538, batch: 1, threads: 1 },
      search: { limits: { params: 60_000, macs: null, peakActivationBytes: null, latencyMs: null }, trials: 12 },
      versions: study.versions,
    });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it.each([
    ['data', study.data.origin],
    ['split', study.data.split],
    ['test accuracy', '91.74 %'],
    ['test images', '10,000 images'],
    ['parameters', '39,058'],
    ['MACs', '9,281,234'],
    ['FLOPs', 'FLOPs = 2 × MACs = 18,562,468'],
    ['memory', '446 KiB'],
    ['median latency', '0.412 ms'],
    ['95th percentile', '0.538 ms'],
    ['processor', 'Intel Xeon Platinum 8481C'],
    ['limit', 'at most 60,000 parameters'],
    ['input', 'float32 \\[N, 1, 25, 25\\]'],
    ['seed', 'Seed: 7'],
    ['version', 'nasturtium 0.1.0'],
    ['date', '2025-03-01'],
    ['class', '9 Ankle boot'],
    ['telemetry of the runtime', 'ORT_DISABLE_TELEMETRY=1'],
  ])('tells readers the %s', (_, part) => expect(markdown).toContain(part.replaceAll('\\', '')));

  it('gives examples that parse, also with strange class and file names', () => {
    const names = ["it's", '"quoted"', 'back\\slash', 'line\nbreak', '```', '\u2028'];
    for (const card of [
      markdown,
      modelCard({ ...input, file: "o'clock.onnx", data: { ...study.data, classes: names.slice(0, 4) } }).markdown,
    ]) {
      const examples = examplesOf(card);
      expect(examples).toHaveLength(2);
      for (const source of examples) {
        const { diagnostics } = ts.transpileModule(source, { reportDiagnostics: true, fileName: 'example.js' });
        expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
      }
    }
    const { markdown: fenced } = modelCard({ ...input, data: { ...study.data, classes: names } });
    expect(fenced).toContain('````js\n');
  });

  it('lets no name become markup', () => {
    const name = '[click](https://evil.example) <img src=x> | `x` **b**\n# heading';
    const card = modelCard({
      ...input,
      name,
      search: null,
      data: { ...study.data, name, origin: name, notices: [name] },
    });
    const prose = card.markdown.replace(/^`{3,}.*?^`{3,}$/gms, '');
    expect(prose).not.toMatch(/(?<!\\)\[click(?<!\\)\]/);
    expect(prose).not.toMatch(/(?<!\\)<img/);
    expect(prose).not.toMatch(/^# heading/m);
  });

  it('leaves out what was not measured', () => {
    const card = modelCard({ ...input, search: null, latency: null, accuracy: { test: 0.9, valid: null } });
    expect(card.markdown).not.toMatch(/Latency|Validation accuracy|undefined|null|NaN/);
    expect(card.json).toMatchObject({ search: null, latency: null, accuracy: { valid: null } });
  });

  it('is the same for the same model', () => expect(modelCard(input)).toEqual({ json, markdown }));
});
