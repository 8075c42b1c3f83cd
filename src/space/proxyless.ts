/** @file ProxylessNAS (Cai et al. 2019): each of 21 blocks is one of six inverted residuals, or left out. */
import { scope } from '../nn/feature.js';
import {
  PROXYLESS_STRIDES,
  type ProxylessOperator,
  type ProxylessWidths,
  proxylessNetwork,
  proxylessOperator,
  proxylessTables,
} from '../nn/presets/proxylessnas.js';
import { makeDivisible } from '../nn/rounding.js';
import { choice } from './decisions/choice.js';
import type { Decision } from './decisions/decision.js';
import { branch } from './decisions/relax.js';
import { repeat, tuple } from './decisions/repeat.js';
import { defineSpace, type SearchSpace, targetImage } from './space.js';
import { stagesNotation, withoutSkips } from './stage-notation.js';
import { fittingStrides } from './strides.js';

const candidates = [
  '3x3_MBConv3',
  '3x3_MBConv6',
  '5x5_MBConv3',
  '5x5_MBConv6',
  '7x7_MBConv3',
  '7x7_MBConv6',
] as const satisfies readonly ProxylessOperator[];

/** The first block of a stage changes the channels, so that it has no shortcut and cannot be left out. */
const first: Decision<ProxylessOperator> = choice(candidates);
const other: Decision<ProxylessOperator> = choice([...candidates, 'Zero']);

const stage = (depth: number) => repeat((position) => (position === 0 ? first : other), depth);

/** 6 first blocks of 6 options, 15 others of 7. */
const decisions: Decision<ProxylessArchitecture> = tuple(stage(4), stage(4), stage(4), stage(4), stage(4), stage(1));

/** The operators of the blocks of each of the six stages. */
export type ProxylessArchitecture = readonly (readonly ProxylessOperator[])[];

/** What the space `proxyless` may be made with. */
export interface ProxylessOptions {
  /**
   * Channels. Default: those of the network that was published for phones (the search itself began from 24, 40, 80, 96, 192
   * and 320); {@link proxylessTables} has those of the others, with which the space knows their architectures by name.
   */
  readonly widths?: ProxylessWidths;
}

/** The space with the widths of the phone's network, or with other ones. */
export function proxyless({
  widths = proxylessTables.proxylessnas_mobile.widths,
}: ProxylessOptions = {}): SearchSpace<ProxylessArchitecture> {
  return defineSpace<ProxylessArchitecture>({
    name: 'proxyless',
    title: 'ProxylessNAS',
    paper: 'Cai, Zhu and Han, ProxylessNAS: Direct Neural Architecture Search on Target Task and Hardware, ICLR 2019',
    description:
      'Six stages of 4, 4, 4, 4, 4 and 1 blocks. Each block is an inverted residual of kernel 3, 5 or 7 and expansion 3 or ' +
      '6; all but the first of a stage may also be left out: 6^6 · 7^15 networks. For small images the first layers do ' +
      'not stride.',
    decisions,
    published: Object.entries(proxylessTables)
      .filter(([, table]) => table.widths === widths)
      .map(([name, { stages }]) => ({
        name: name.replace('proxylessnas_', 'ProxylessNAS-'),
        architecture: stages,
        source: 'configuration of the network by the authors',
      })),
    notations: [stagesNotation],
    canonical: (stages) => JSON.stringify(withoutSkips(stages, 'Zero')),
    build(stages, target) {
      const scaled = (width: number) => makeDivisible(width * (target.widthMultiplier ?? 1));
      const settings = {
        input: targetImage(target),
        classes: target.classes,
        widths: {
          stem: scaled(widths.stem),
          first: scaled(widths.first),
          stages: widths.stages.map(scaled),
          ...(widths.last === undefined ? {} : { last: scaled(widths.last) }),
        },
        strides: fittingStrides(PROXYLESS_STRIDES, target),
      };
      return proxylessNetwork(settings, stages, (x, operator, { name, ...place }) =>
        scope(x, name, (inner) =>
          branch(operator, inner, (option, y) => proxylessOperator(y, option, { name: 'block', ...place })),
        ),
      );
    },
  });
}
