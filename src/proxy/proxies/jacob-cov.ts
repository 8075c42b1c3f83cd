/** @file How little the derivatives by different images are correlated. */
import { eigenvalues, type SquareMatrix } from '../../linear-algebra/symmetric.js';
import { correlations } from '../image-correlation.js';
import { severalImages } from '../need.js';
import { inputGram } from '../probes/input-gram.js';
import { defineProxy } from '../proxy.js';

/** As in the released code. */
const EPSILON = 1e-5;

export const jacobCov = defineProxy({
  name: 'jacob_cov',
  title: 'Correlation of Jacobians among images',
  paper: 'Mellor et al., Neural Architecture Search without Training (first version), arXiv 2006.04647v1, eq. 4',
  description:
    '−Σ (ln(v + k) + 1 / (v + k)) over the eigenvalues v of the correlations between the derivatives of the summed logits by each image, k = 1e-5.',
  weakness:
    'One near-duplicate among the images outweighs all else, and it finds good networks worse than it sorts out bad ones.',
  needs: [severalImages],
  probes: [inputGram],
  score: (measured) => independence(correlations(measured.of(inputGram))),
});

/** The score of a matrix of correlations: largest where all others than those of images with themselves are zero. */
export const independence = (matrix: SquareMatrix): number =>
  -eigenvalues(matrix).reduce((sum, eigenvalue) => {
    // A correlation matrix has no negative eigenvalues but by rounding.
    const value = Math.max(eigenvalue, 0) + EPSILON;
    return sum + Math.log(value) + 1 / value;
  }, 0);
