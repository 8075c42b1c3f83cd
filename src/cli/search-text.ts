/** @file The result of a search as people read it. */
import { relative } from 'node:path';
import type { SearchResult } from '../search/search-result.js';
import { metricOf, scoreText } from './metric-text.js';
import { costFields, latencyField } from './quantity-text.js';
import { stoppingText } from './stopping-text.js';
import { fields, percent, time, whole } from './table.js';
import type { Colors } from './terminal.js';

export function searchText(result: SearchResult, colors: Colors, width: number): string {
  const { best, final, trials, study, files, wallSeconds, searchEnd, measure } = result;
  const counts = [
    `${trials.completed} completed`,
    ...(trials.failed > 0 ? [`${trials.failed} failed`] : []),
    ...(trials.pruned > 0 ? [`${trials.pruned} pruned`] : []),
    ...(trials.lost > 0 ? [`${trials.lost} lost`] : []),
    ...(trials.infeasible > 0 ? [`${trials.infeasible} infeasible`] : []),
  ].join(', ');
  const again = trials.repeated === 0 ? '' : `; ${trials.repeated} of them trained an architecture again`;
  const end = searchEnd === 'exhausted' ? '; the space is exhausted' : '';
  const rows: [string, string][] = [['trials', `${counts} in ${time(wallSeconds)}${again}${end}`]];
  if (result.stopping !== null) rows.push(['stopping', stoppingText(result.stopping)]);
  if (best !== null) {
    rows.push(['winner', `trial ${best.trial}: ${best.notation}`]);
    if (final !== null) {
      rows.push(
        [
          'test accuracy',
          `${colors.bold(colors.green(percent(final.testAccuracy)))} of ${whole(final.testImages)} images`,
        ],
        [
          'validation accuracy',
          `${percent(final.validAccuracy)} after the final training (epoch ${final.bestEpoch} of ${final.epochs})`,
        ],
      );
    }
    rows.push(['in the search', `${scoreText(best.metrics, measure)} ${metricOf(measure.score, measure).title}`]);
    rows.push(...costFields(final === null ? best.cost : { ...best.cost, latencyMs: null }));
    if (final !== null) rows.push(latencyField(final.latency));
  }
  rows.push(['split', result.split]);
  if (files.onnx !== null) rows.push(['model', shown(files.onnx)]);
  if (files.card !== null) rows.push(['model card', shown(files.card)]);
  if (files.report !== null) rows.push(['report', shown(files.report)]);
  return `${colors.bold(`Study ${study}`)}\n${fields(rows, width)}`;
}

/** What to do next. */
export function nextCommands(result: SearchResult, data: string, store: string, colors: Colors): string {
  const { files, study } = result;
  const commands = [
    ...(files.onnx === null ? [] : [`nas evaluate ${quoted(shown(files.onnx))} --data ${quoted(data)}`]),
    `nas show ${study}${store}`,
  ];
  return `\n${colors.dim('Next:')}\n${commands.map((command) => `  ${command}`).join('\n')}`;
}

/** The path as it is shortest from here. */
export function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.length < path.length && near !== '' ? near : path;
}

/** A word of a command line. */
export const quoted = (word: string): string =>
  /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
