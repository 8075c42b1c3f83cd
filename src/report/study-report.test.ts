/** @file The report: complete, self-contained, safe against what names bring along, and always the same. */
import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { sampleStudy } from '../../test/report/sample-study.js';
import { renderReport } from './study-report.js';
import type { StudyReportInput } from './study-report-input.js';

const study = sampleStudy({ trials: 24 });
const report = renderReport(study);
const parse = (page: string) => parseHTML(page).document;
const textOf = (page: string) => parse(page).querySelector('main')?.textContent ?? '';

const HOSTILE = `"'><script>alert(1)</script><img src="https://evil.example/x" onerror=alert(1)></style></title>&lt;b>\u2028`;

/** The same study with hostile text in every place that a user, a file or a message can fill. */
function hostile(value: unknown, key = ''): unknown {
  if (typeof value === 'string')
    return ['state', 'size', 'kind', 'function'].includes(key) ? value : `${value}${HOSTILE}`;
  if (Array.isArray(value)) return value.map((item) => hostile(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hostile(item, name)]));
}

describe('renderReport', () => {
  it('has a row for every trial', () => {
    const rows = [...parse(report).querySelectorAll('table.trials tbody tr')];
    expect(rows.map((row) => row.id)).toEqual(study.trials.map(({ number }) => `trial-${number}`));
    for (const [index, trial] of study.trials.entries()) {
      const row = rows[index]?.textContent ?? '';
      expect(row).toContain(trial.state);
      expect(row).toContain((trial.cost.params ?? 0).toLocaleString('en-US'));
      if (trial.reason !== null) expect(row).toContain(trial.reason);
      if (trial.score !== null) expect(row).toContain(`${(100 * trial.score).toFixed(2)} %`);
    }
    expect(rows.filter((row) => row.classList.contains('winner')).map((row) => row.id)).toEqual([
      `trial-${study.best?.trial}`,
    ]);
  });

  it('says what was searched, on which split, within which limits, and how to repeat it', () => {
    const text = textOf(report);
    const { data, space, strategy, command, machine, latency } = study;
    for (const part of [
      data.origin,
      data.split,
      space.title,
      strategy.title,
      command,
      machine.processor,
      latency?.runtime,
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('at most 60,000 parameters');
    expect(text).toContain('91.74 %');
    expect(text).toContain('onnxruntime-node 1.30.0');
  });

  it('names every layer of the winner', () => {
    const text = textOf(report);
    for (const layer of study.best?.network.network.layers ?? []) expect(text).toContain(layer.name);
  });

  it('draws the front as the filled dots, the winner as the star, the limit as the dashed line', () => {
    const view = parse(report).querySelector('.view-params');
    const dominated = (trial: (typeof study.trials)[number]) =>
      study.trials.some(
        (other) =>
          other.score !== null &&
          other.score >= (trial.score ?? 0) &&
          (other.cost.params ?? 0) <= (trial.cost.params ?? 0) &&
          other !== trial,
      );
    const front = study.trials.filter((trial) => trial.score !== null && !dominated(trial));
    const titles = [...(view?.querySelectorAll('g[fill="var(--front)"] title') ?? [])].map(
      (title) => title.textContent,
    );
    expect(titles.map((title) => /trial (\d+)/.exec(title ?? '')?.[1]).sort()).toEqual(
      front.map(({ number }) => String(number)).sort(),
    );
    expect(view?.textContent).toContain(`winner #${study.best?.trial}`);
    expect(view?.textContent).toContain('limit 60 k');
  });

  it('fetches nothing: no address but those of XML namespaces', () => {
    const document = parse(report);
    for (const element of document.querySelectorAll('[src], [href], [srcset], [action]')) {
      expect(element.getAttribute('href')).toMatch(/^(data:,$|#)/);
    }
    expect(report).not.toMatch(/@import|url\((?!#)/);
    expect([...report.matchAll(/https?:\/\/[^"'\s<]*/g)].map(([address]) => address)).toEqual([]);
    const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content') ?? '';
    expect(policy).toContain("default-src 'none'");
    const script = /<script>(.*?)<\/script>/s.exec(report)?.[1] ?? '';
    expect(policy).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  });

  it('is well-formed: tags balance, ids are unique, references lead somewhere, images have descriptions', () => {
    expect(unbalancedTag(report)).toBeNull();
    const document = parse(report);
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const element of document.querySelectorAll('[aria-labelledby]')) {
      expect(ids).toContain(element.getAttribute('aria-labelledby'));
    }
    expect(document.querySelectorAll('h1')).toHaveLength(1);
    for (const image of document.querySelectorAll('svg:not([aria-hidden])')) {
      expect(image.getAttribute('role')).toBe('img');
      expect(image.getAttribute('aria-label')?.length).toBeGreaterThan(10);
    }
    expect(leaks(report)).toEqual([]);
  });

  it('lets no text become markup', () => {
    const page = renderReport(hostile(study) as StudyReportInput);
    expect(unbalancedTag(page)).toBeNull();
    const document = parse(page);
    expect(document.querySelectorAll('script')).toHaveLength(1);
    expect(document.querySelectorAll('img, b, iframe, object, embed')).toHaveLength(0);
    for (const element of document.querySelectorAll('*')) {
      for (const { name } of [...element.attributes]) expect(name).not.toMatch(/^on/);
    }
    expect(document.querySelector('h1')?.textContent).toContain(`${study.study.name}${HOSTILE}`);
    expect(document.querySelector('title')?.textContent).toContain(`${study.study.name}${HOSTILE}`);
  });

  it('is the same text for the same study', () => {
    expect(renderReport(sampleStudy({ trials: 24 }))).toBe(report);
    expect(renderReport(sampleStudy({ trials: 24, seed: 2 }))).not.toBe(report);
  });

  it('reports a stopped study without a completed trial', () => {
    const failed = study.trials.filter(({ state }) => state === 'failed');
    const page = renderReport({
      ...study,
      study: { ...study.study, state: 'stopped' },
      trials: failed,
      best: null,
      final: null,
      latency: null,
    });
    expect(unbalancedTag(page)).toBeNull();
    const text = textOf(page);
    expect(text).toContain(`stopped after ${failed.length} of 24 trials`);
    expect(text).toContain('No trial was completed');
    expect(leaks(page)).toEqual([]);
  });

  it('reports a study without any trial', () => {
    const page = renderReport({ ...study, trials: [], best: null, final: null, latency: null });
    expect(unbalancedTag(page)).toBeNull();
    expect(leaks(page)).toEqual([]);
  });

  it('ranks by the score where there is no accuracy', () => {
    const trials = study.trials.map((trial) => ({
      ...trial,
      metrics: {},
      curve: [],
      score: trial.score && 100 * trial.score,
    }));
    const measure = {
      metrics: { agreement: { title: 'agreement', format: 'number', direction: 'max' } },
      score: 'agreement',
    } as const;
    const page = renderReport({ ...study, trials, measure, final: null });
    expect(textOf(page)).toContain('for the best agreement on');
    expect(parse(page).querySelector('table.trials')?.textContent).not.toContain('%');
  });

  it('reports a single trial with a single epoch', () => {
    const [trial] = study.trials;
    if (trial === undefined) throw new Error('the sample has trials');
    const page = renderReport({ ...study, trials: [{ ...trial, curve: trial.curve.slice(0, 1) }], final: null });
    expect(unbalancedTag(page)).toBeNull();
    expect(leaks(page)).toEqual([]);
  });
});

/** Words that only a forgotten case writes. */
const leaks = (page: string): string[] =>
  page.replace(/<script>.*?<\/script>/s, '').match(/.{0,60}(NaN|undefined|Infinity|\[object).{0,20}/g) ?? [];

const voidElements = new Set(['meta', 'link', 'input', 'br']);

/** The first tag that closes another element than the innermost open one, or that stays open; `null` if there is none. */
function unbalancedTag(page: string): string | null {
  const open: string[] = [];
  const markup = page.replace(/<!doctype html>/, '').replace(/<(script|style)>.*?<\/\1>/gs, '');
  for (const [, slash, name = '', rest = ''] of markup.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|[^">])*)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) return `</${name}>`;
    } else if (!voidElements.has(name) && !rest.endsWith('/')) open.push(name);
  }
  return open.at(-1) ?? null;
}
