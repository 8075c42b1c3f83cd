/** @file A search space of one's own, with an operator of one's own. It is TypeScript as well: all types are inferred. */
import { nn, space } from 'nasturtium';

/** An operator is a name and a way to build it; its shape and cost follow from the layers that it applies. */
const operators = space.operatorSet([
  {
    name: 'blur_conv',
    build: (x, { channels, stride }) =>
      nn.convNorm(nn.avgPool2d(x, { kernel: 3, stride, padding: 1 }), { out: channels, kernel: 1, activation: 'relu' }),
  },
  {
    name: 'conv_3x3',
    build: (x, { channels, stride }) => nn.convNorm(x, { out: channels, kernel: 3, stride, activation: 'relu' }),
  },
]);

export default space.defineSpace({
  name: 'blurred',
  title: 'Blurs and convolutions',
  paper: 'An example of this project',
  description:
    'Two to five layers, each a convolution or a blur with a 1×1 convolution. Every second one halves the map.',
  decisions: space.object({
    width: space.ordinal([8, 16, 24]),
    layers: space.repeat(space.choice(space.operatorNames(operators)), { min: 2, max: 5 }),
  }),
  build: ({ width, layers }, target) =>
    nn.Network.build(space.targetImage(target), (image) => {
      const features = layers.reduce((x, operator, index) => {
        const to = { channels: width * 2 ** Math.ceil(index / 2), stride: 1 + (index % 2) };
        return space.branch(operator, x, (name, y) => operators[name].build(y, to));
      }, image);
      return nn.linear(nn.globalAvgPool(features), { out: target.classes });
    }),
});
