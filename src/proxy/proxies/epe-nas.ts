/** @file How the derivatives by images are correlated within each class. */
import { correlations } from '../image-correlation.js';
import { severalClasses, severalImages } from '../need.js';
import { inputGram } from '../probes/input-gram.js';
import { defineProxy } from '../proxy.js';

/** As in the released code. */
const EPSILON = 1e-5;

/** From here on classes are compared with one another. */
const MANY_CLASSES = 100;

export const epeNas = defineProxy({
  name: 'epe_nas',
  title: 'Correlation of Jacobians within classes',
  paper: 'Lopes et al., EPE-NAS: Efficient Performance Estimation Without Training, ICANN 2021, eq. 5 to 7',
  description:
    'The sum over classes of |Σ ln(|r| + 1e-5)|, with r the correlations between the derivatives by images of one class; of more than 100 classes, the mean difference between them.',
  weakness:
    'A batch has few images of each class, so that few correlations decide, and it depends on which images they are.',
  needs: [severalImages, severalClasses],
  probes: [inputGram],
  score(measured) {
    const { labels, graph } = measured;
    const { size, data } = correlations(measured.of(inputGram));
    const sums = [...new Set(labels)].map((label) => {
      const members = [...labels.keys()].filter((image) => labels[image] === label);
      const logarithms = members.flatMap((row) =>
        members.map((column) => Math.log(Math.abs(data[row * size + column] ?? 0) + EPSILON)),
      );
      const sum = logarithms.reduce((total, logarithm) => total + logarithm, 0);
      return graph.classes > MANY_CLASSES ? sum / members.length : sum;
    });
    if (graph.classes <= MANY_CLASSES) return sums.reduce((total, sum) => total + Math.abs(sum), 0);
    const differences = sums.flatMap((sum, index) => sums.slice(index + 1).map((other) => Math.abs(sum - other)));
    return differences.reduce((total, difference) => total + difference, 0) / sums.length;
  },
});
