/** @file A space of six networks with a layer of its own, and no notation but JSON. */
import { nn, space, tensor } from 'nasturtium';
import { z } from 'zod';

const doubling = nn.defineLayerKind({
  kind: 'doubling',
  schema: z.strictObject({}),
  shape: ([x]) => x.shape,
  lower: ({ inputs: [x] }) => tensor.add(x, x),
});

export const doublings = space.defineSpace({
  name: 'doublings',
  title: 'Doublings',
  paper: 'A test of this project',
  description: 'A convolution of one of two widths, doubled up to two times.',
  decisions: space.object({ width: space.ordinal([4, 8]), times: space.int({ min: 0, max: 2 }) }),
  build: ({ width, times }, target) =>
    nn.Network.build(space.targetImage(target), (image) => {
      let x = nn.convNorm(image, { out: width, kernel: 3, activation: 'relu' });
      for (let time = 0; time < times; time++) x = nn.addLayer(doubling, [x], {});
      return nn.linear(nn.globalAvgPool(x), { out: target.classes });
    }),
});
