/** @file Templates escape what is put into them. */
import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { html } from './html.js';

describe('html', () => {
  it('shows any text as it is, in text and in attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>"\'&;=/`ab!-') }), (text) => {
        const { document } = parseHTML(
          `<!doctype html><html><body>${html`<p title="${text}">${text}</p>`.markup}</body></html>`,
        );
        expect(document.body.childNodes).toHaveLength(1);
        const paragraph = document.querySelector('p');
        expect(paragraph?.textContent).toBe(text);
        expect(paragraph?.getAttribute('title')).toBe(text);
        expect(paragraph?.attributes).toHaveLength(1);
      }),
    );
  });

  it('keeps markup, joins lists and leaves out what is nothing', () => {
    const items = ['a', 'b<'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${null}${undefined}${false}${0}`.markup).toBe('<ul><li>a</li><li>b&lt;</li></ul>0');
  });
});
