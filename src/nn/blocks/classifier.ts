/** @file What classifiers end with. */
import { type Feature, scope } from '../feature.js';
import { activation, dropout, flatten, globalAvgPool, linear } from '../layers/index.js';

/** Channel means and one linear layer: the end of most classifiers. */
export const classifier = (x: Feature, classes: number): Feature =>
  scope(x, 'head', (input) => linear(globalAvgPool(input), { name: 'classifier', out: classes }));

/** The whole map through hidden layers with ReLU and dropout to the classes: the end of the networks before global pooling. */
export const hiddenClassifier = (x: Feature, hidden: readonly number[], classes: number): Feature =>
  scope(x, 'head', (input) => {
    const features = hidden.reduce(
      (y, out, index) => dropout(activation(linear(y, { name: `hidden${index + 1}`, out }), 'relu'), 0.5),
      flatten(input),
    );
    return linear(features, { name: 'classifier', out: classes });
  });
