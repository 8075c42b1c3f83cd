/** @file Networks know their shapes, names, parameters and cost, and keep them through JSON. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { UsageError } from '../error.js';
import { mul, scalar } from '../tensor/index.js';
import { convNorm, invertedResidual } from './blocks/index.js';
import { addLayer, type Feature, scope } from './feature.js';
import { zeroInitialiser } from './initialiser.js';
import { defineLayerKind } from './layer-kind.js';
import {
  activation,
  add,
  avgPool2d,
  batchNorm,
  concat,
  conv2d,
  dropout,
  flatten,
  globalAvgPool,
  identity,
  linear,
  maxPool2d,
  mixture,
  multiply,
  sliceChannels,
  zeros,
} from './layers/index.js';
import { Network } from './network.js';

const image = { channels: 3, height: 8, width: 8 };
const build = (body: (image: Feature) => Feature): Network => Network.build(image, body);
const shapeOf = (body: (image: Feature) => Feature): readonly number[] => build(body).outputShape;

describe('shapes', () => {
  test.each<[string, (x: Feature) => Feature, number[]]>([
    ['a 3×3 convolution keeps the size', (x) => conv2d(x, { out: 5, kernel: 3 }), [5, 8, 8]],
    ['stride 2 halves it', (x) => conv2d(x, { out: 5, kernel: 3, stride: 2 }), [5, 4, 4]],
    ['dilation pads along', (x) => conv2d(x, { out: 5, kernel: 3, dilation: 2 }), [5, 8, 8]],
    ['rectangular kernels', (x) => conv2d(x, { out: 5, kernel: [1, 7], stride: [1, 2] }), [5, 8, 4]],
    ['no padding', (x) => conv2d(x, { out: 5, kernel: 3, padding: 0 }), [5, 6, 6]],
    ['pools stride by their kernel', (x) => maxPool2d(x, { kernel: 2 }), [3, 4, 4]],
    ['pools with stride and padding', (x) => avgPool2d(x, { kernel: 3, stride: 1, padding: 1 }), [3, 8, 8]],
    ['global pooling gives a vector', (x) => globalAvgPool(x), [3]],
    ['flatten', (x) => flatten(x), [192]],
    ['linear', (x) => linear(flatten(x), { out: 10 }), [10]],
    ['concat adds channels', (x) => concat([x, sliceChannels(x, 0, 2)]), [5, 8, 8]],
    ['zeros have the shape of a strided layer', (x) => zeros(x, { out: 6, stride: 2 }), [6, 4, 4]],
    ['a gate has one element a channel', (x) => multiply(x, globalAvgPool(x)), [3, 8, 8]],
    [
      'a mixture has the shape of its branches',
      (x) => mixture(x, { weights: 'w', branches: [x, identity(x)] }),
      [3, 8, 8],
    ],
  ])('%s', (_, body, shape) => {
    expect(shapeOf(body)).toEqual(shape);
  });

  test.each<[string, (x: Feature) => Feature, string]>([
    [
      'groups',
      (x) => conv2d(x, { name: 'mix', out: 4, kernel: 3, groups: 2 }),
      'Layer "mix" (conv2d of [3, 8, 8]): its 3 input and 4 output channels must be whole multiples of its groups (2).',
    ],
    [
      'fractions',
      (x) => conv2d(x, { out: 4.5, kernel: 3 }),
      'its 3 input and 4.5 output channels must be whole multiples',
    ],
    ['too small images', (x) => conv2d(x, { out: 4, kernel: 9, padding: 0 }), 'would give [4, 0, 0]'],
    ['maps in linear', (x) => linear(x, { out: 4 }), 'put globalAvgPool or flatten before it'],
    ['vectors in conv2d', (x) => conv2d(flatten(x), { out: 4, kernel: 1 }), 'it takes a feature map'],
    ['different summands', (x) => add([x, conv2d(x, { out: 4, kernel: 1 })]), '(add of [3, 8, 8], [4, 8, 8])'],
    ['different maps in concat', (x) => concat([x, maxPool2d(x, { kernel: 2 })]), 'may differ in their channels only'],
    ['missing channels', (x) => sliceChannels(x, 2, 4), 'it takes channels 2 to 4, but there are 3'],
    ['wide padding', (x) => maxPool2d(x, { kernel: 3, padding: 2 }), 'at most half its kernel'],
    ['rates', (x) => dropout(x, 1), 'below 1, not 1'],
  ])('misfits are errors that name the layer: %s', (_, body, message) => {
    expect(() => build(body)).toThrow(UsageError);
    expect(() => build(body)).toThrow(message);
  });

  test('an image without pixels is an error', () => {
    expect(() => Network.build({ channels: 3, height: 0, width: 8 }, (x) => x)).toThrow('[3, 0, 8]');
  });
});

describe('names', () => {
  test('are those given, with scopes before and numbers behind', () => {
    const network = build((x) => {
      const stem = conv2d(x, { out: 4, kernel: 3 });
      const one = scope(stem, 'block', (y) =>
        scope(y, 'inner', (z) => conv2d(z, { name: 'expand', out: 4, kernel: 1 })),
      );
      const two = scope(one, 'block', (y) => conv2d(conv2d(y, { out: 4, kernel: 1 }), { out: 4, kernel: 1 }));
      return activation(conv2d(two, { out: 4, kernel: 1 }), 'hard-swish');
    });
    expect(network.layers.map((layer) => layer.name)).toEqual([
      'conv2d',
      'block.inner.expand',
      'block_2.conv2d',
      'block_2.conv2d_2',
      'conv2d_2',
      'hard-swish',
    ]);
  });

  test('stay unique where a numbered name is taken', () => {
    const names = build((x) => add(['a_2', 'a', 'a', 'a', 'image'].map((name) => identity(x, { name })))).layers.map(
      (layer) => layer.name,
    );
    expect(new Set(names).size).toBe(6);
    expect(names).not.toContain('image');
  });

  test('parameters and statistics are named after their layers, in order', () => {
    const network = build((x) => linear(globalAvgPool(convNorm(x, { name: 'stem', out: 4, kernel: 3 })), { out: 2 }));
    expect(network.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['stem.weight', [4, 3, 3, 3]],
      ['stem.norm.scale', [4]],
      ['stem.norm.shift', [4]],
      ['linear.weight', [2, 4]],
      ['linear.bias', [2]],
    ]);
    expect(network.statistics.map(({ name, shape }) => [name, shape])).toEqual([
      ['stem.norm.mean', [4]],
      ['stem.norm.variance', [4]],
    ]);
  });

  test('layers that the output does not depend on are left out', () => {
    const network = build((x) => {
      conv2d(x, { name: 'unused', out: 4, kernel: 3 });
      return conv2d(x, { name: 'used', out: 4, kernel: 3 });
    });
    expect(network.layers.map((layer) => layer.name)).toEqual(['used']);
  });

  test('features of two networks do not mix', () => {
    const { image: other } = build((x) => identity(x));
    expect(() => build((x) => add([x, other]))).toThrow('belongs to another network');
  });
});

describe('cost', () => {
  test('counts trainable scalars, and multiply-accumulates of convolutions and linear layers only', () => {
    const network = build((x) => {
      const y = activation(batchNorm(conv2d(x, { out: 4, kernel: 3, bias: true })), 'relu');
      return linear(globalAvgPool(maxPool2d(y, { kernel: 2 })), { out: 10 });
    });
    const convolution = 4 * 3 * 9;
    expect(network.cost()).toMatchObject({
      params: convolution + 4 + 2 * 4 + 4 * 10 + 10,
      macs: convolution * 64 + 4 * 10,
    });
    expect(network.layerCosts()).toContainEqual({
      name: 'conv2d',
      operator: 'conv2d',
      outputShape: [4, 8, 8],
      params: convolution + 4,
      macs: convolution * 64,
    });
  });

  test('architecture weights are listed once by name and not counted', () => {
    const mix = (x: Feature): Feature =>
      mixture(x, { weights: 'edge', branches: [zeros(x), identity(x), conv2d(x, { out: 3, kernel: 1 })] });
    const network = build((x) => mix(mix(x)));
    expect(network.architectureParameters).toEqual([{ name: 'edge', shape: [3] }]);
    expect(network.cost().params).toBe(2 * 9);
    const clash = build((x) => mixture(x, { weights: 'edge', branches: [mix(x), identity(x)] }));
    expect(() => clash.architectureParameters).toThrow('mixes 2 branches');
  });

  const map = 8 * 8;
  test.each<[string, (x: Feature) => Feature, number]>([
    ['a convolution holds its input and output', (x) => conv2d(x, { out: 5, kernel: 3 }), (3 + 5) * map],
    ['norm and activation write over it', (x) => convNorm(x, { out: 5, kernel: 3, activation: 'relu' }), (3 + 5) * map],
    [
      'unless their input is needed later',
      (x) => add([activation(x, 'relu'), conv2d(x, { out: 3, kernel: 1 })]),
      (3 + 3 + 3) * map,
    ],
    ['a sum writes over an operand', (x) => add([conv2d(x, { out: 3, kernel: 1 }), x]), (3 + 3) * map],
    [
      'a residual stays alive across its branch',
      (x) => invertedResidual(x, { out: 3, expanded: 12 }),
      (3 + 12 + 12) * map,
    ],
    ['a concat needs new memory', (x) => concat([x, x]), (3 + 6) * map],
    ['dropout and flatten take none', (x) => linear(flatten(dropout(x, 0.5)), { out: 2 }), 3 * map + 2],
  ])('peak memory: %s', (_, body, elements) => {
    expect(build(body).cost().peakActivationBytes).toBe(4 * elements);
  });
});

describe('JSON', () => {
  const network = build((x) =>
    linear(globalAvgPool(invertedResidual(x, { out: 4, expanded: 6, squeeze: 2 })), { out: 2 }),
  );
  /** The network's JSON with one thing changed. */
  const changed = (change: (json: ReturnType<typeof plain>) => void): unknown => {
    const json = plain();
    change(json);
    return json;
  };
  const plain = () => ({
    ...network.toJson(),
    layers: network
      .toJson()
      .layers.map((layer) => ({ ...layer, attributes: { ...layer.attributes }, inputs: [...layer.inputs] })),
  });

  test('reads back as the same network', () => {
    const back = Network.fromJson(JSON.parse(JSON.stringify(network.toJson())));
    expect(back.toJson()).toEqual(network.toJson());
    expect(back.parameters).toEqual(network.parameters);
    expect(back.cost()).toEqual(network.cost());
  });

  const edit = (index: number, part: object) => (json: ReturnType<typeof plain>) => {
    Object.assign(json.layers[index] ?? {}, part);
  };
  test.each<[string, unknown, string]>([
    ['no object', 7, 'Not a network: the whole value'],
    [
      'a newer version',
      changed((json) => Object.assign(json, { version: 2 })),
      'version: Invalid input: expected 1; found 2',
    ],
    [
      'an unknown kind',
      changed(edit(1, { kind: 'convolution' })),
      'layers[1].kind: "convolution" is no kind of layer. Allowed: activation, add,',
    ],
    [
      'a wrong attribute',
      changed(edit(0, { attributes: { ...network.layers[0]?.attributes, out: -1 } })),
      'layers[0].attributes.out: Too small: expected number to be >=1; found -1',
    ],
    ['a missing attribute', changed(edit(0, { attributes: {} })), 'layers[0].attributes.out'],
    ['an unknown attribute', changed(edit(1, { attributes: { ...network.layers[1]?.attributes, eps: 1 } })), 'eps'],
    [
      'an input that comes later',
      changed(edit(0, { inputs: ['linear'] })),
      'layers[0].inputs[0]: no layer "linear" comes before',
    ],
    [
      'a name used twice',
      changed(edit(1, { name: network.layers[0]?.name })),
      'layers[1].name: "invertedResidual.expand" is taken',
    ],
    ['an unknown output', changed((json) => Object.assign(json, { output: 'logits' })), 'output: no layer "logits"'],
    [
      'shapes that do not fit',
      changed((json) =>
        Object.assign(json, {
          input: { channels: 1, height: 8, width: 8 },
          layers: json.layers.map((layer) =>
            layer.kind === 'conv2d' ? { ...layer, attributes: { ...layer.attributes, groups: 6 } } : layer,
          ),
        }),
      ),
      'Layer "invertedResidual.expand" (conv2d of [1, 8, 8])',
    ],
  ])('%s is an error with its path', (_, json, message) => {
    expect(() => Network.fromJson(json)).toThrow(UsageError);
    expect(() => Network.fromJson(json)).toThrow(message);
  });

  test('any chain of inverted residuals reads back', () => {
    const block = fc.record({
      out: fc.integer({ min: 1, max: 8 }),
      expanded: fc.integer({ min: 1, max: 16 }),
      stride: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
        const chain = build((x) => blocks.reduce((y, options) => invertedResidual(y, options), x));
        const back = Network.fromJson(JSON.parse(JSON.stringify(chain.toJson())));
        expect(back.layerCosts()).toEqual(chain.layerCosts());
        expect(back.cost()).toEqual(chain.cost());
      }),
    );
  });
});

test('a new kind of layer is one row: it is named, checked, counted and read from JSON like the others', () => {
  const schema = z.strictObject({ factor: z.number() });
  const kind = defineLayerKind<z.infer<typeof schema>>({
    kind: 'scaleBy',
    schema,
    memory: 'in-place',
    shape: ([x]) => x.shape,
    parameters: ([x]) => [{ name: 'offset', shape: x.shape.slice(0, 1), initial: zeroInitialiser }],
    lower: ({ inputs: [x], attributes: { factor } }) => mul(x, scalar(factor)),
  });
  const network = build((x) => addLayer(kind, [x], { factor: 2 }));
  expect(network.parameters.map(({ name, shape }) => [name, shape])).toEqual([['scaleBy.offset', [3]]]);
  expect(network.cost()).toEqual({ params: 3, macs: 0, peakActivationBytes: 4 * 192 });
  expect(Network.fromJson(network.toJson()).toJson()).toEqual(network.toJson());
  expect(() => defineLayerKind(kind)).toThrow('defined twice');
});
