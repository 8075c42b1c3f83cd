/** @file Plots as SVG text, drawn by Observable Plot without a browser, coloured by the page's style. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Html } from './html.js';

/** Width in CSS pixels that plots are drawn for; the page scales them to the room there is. */
const PLOT_WIDTH = 500;

/** Colours of the page, which has a light and a dark set of them. */
export const colour = {
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  faint: 'var(--faint)',
  accent: 'var(--accent)',
  front: 'var(--front)',
  surface: 'var(--surface)',
} as const;

/** Part of an axis that is left free on each side, so that marks do not touch the frame. */
const AXIS_ROOM = 0.04;

/** An SVG image with that description. Plots without marks of any data should not be made: axes would mean nothing. */
export function plotSvg(label: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html></html>');
  const svg = Plot.plot({
    document,
    width: PLOT_WIDTH,
    height: 320,
    marginLeft: 52,
    marginRight: 24,
    marginBottom: 40,
    marginTop: 26,
    style: { fontSize: '12px' },
    ...options,
  });
  // The page's own style takes the place of the one that Plot writes into every image.
  for (const style of svg.querySelectorAll('style')) style.remove();
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  svg.setAttribute('class', 'plot');
  return new Html(svg.outerHTML);
}

/** An axis from the smallest to the largest of the values, with a little room. */
export function domainOf(values: readonly number[]): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  const room = (high - low || Math.abs(high) || 1) * AXIS_ROOM;
  return [low - room, high + room];
}

/** Ticks of a fraction as whole or tenth percents. */
export const percentTick = (fraction: number): string => `${Number((100 * fraction).toFixed(2))} %`;
