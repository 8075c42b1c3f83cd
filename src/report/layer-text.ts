/** @file Layers in words: `conv 3×3, stride 2`, `depthwise 5×5`, `norm`. */
import type { Json } from '../json.js';
import type { DrawnLayer } from './network-blocks.js';

/** What the layer computes, in a few words. Kinds that are not known here are called by their own name. */
export function operatorText({ kind, attributes, outputShape }: DrawnLayer): string {
  switch (kind) {
    case 'conv2d': {
      const { groups, out } = attributes;
      const depthwise = typeof groups === 'number' && groups > 1 && groups === out;
      const grouped = typeof groups === 'number' && groups > 1 && !depthwise ? `, ${groups} groups` : '';
      return `${depthwise ? 'depthwise' : 'conv'} ${windowText(attributes)}${dilationText(attributes.dilation)}${grouped}`;
    }
    case 'maxPool2d':
      return `max pool ${windowText(attributes)}`;
    case 'avgPool2d':
      return `average pool ${windowText(attributes)}`;
    case 'globalAvgPool':
      return 'global average pool';
    case 'linear':
      return `linear to ${outputShape.join('×')}`;
    case 'batchNorm':
      return 'norm';
    case 'activation':
      return String(attributes.function ?? kind);
    case 'dropout':
      return `dropout ${String(attributes.rate ?? '')}`.trimEnd();
    case 'sliceChannels':
      return `channels ${String(attributes.from)} to ${String(attributes.to)}`;
    case 'channelShuffle':
      return `shuffle ${String(attributes.groups)} groups`;
    default:
      return kind;
  }
}

function windowText({ kernel, stride }: { readonly [name: string]: Json }): string {
  const strides = pairText(stride ?? 1);
  return `${pairText(kernel ?? 1)}${strides === '1×1' ? '' : `, stride ${strides.replace(/^(\d+)×\1$/, '$1')}`}`;
}

function dilationText(dilation: Json | undefined): string {
  const pair = pairText(dilation ?? 1);
  return pair === '1×1' ? '' : `, dilation ${pair.replace(/^(\d+)×\1$/, '$1')}`;
}

/** A number or a pair of numbers as `height×width`. */
const pairText = (value: Json): string =>
  Array.isArray(value) ? value.join('×') : `${String(value)}×${String(value)}`;
