/** @file How differently the images of a batch switch a network's ReLUs. */
import { Cholesky } from '../../linear-algebra/cholesky.js';
import { rectifiedUnits, severalImages } from '../need.js';
import { codeGram } from '../probes/code-gram.js';
import { defineProxy, UndefinedScore } from '../proxy.js';

export const nwot = defineProxy({
  name: 'nwot',
  title: 'NASWOT: how many codes the ReLUs tell apart',
  paper: 'Mellor et al., Neural Architecture Search without Training, ICML 2021, eq. 3',
  description:
    'ln det K, with K the number of ReLUs that a pair of images switches alike: images of different codes make it large.',
  weakness: 'Counts ReLUs above all, and is undefined for networks without; another activation function is not seen.',
  needs: [severalImages, rectifiedUnits],
  probes: [codeGram],
  score(measured) {
    const { size, data } = measured.of(codeGram);
    const factor = new Cholesky();
    for (let row = 0; row < size; row++) {
      const columns = data.subarray(row * size, row * size + row + 1);
      // Counts are whole numbers: as many alike as there are means one code.
      if (columns.subarray(0, row).includes(columns[row] ?? 0)) {
        throw new UndefinedScore('two images switch all ReLUs alike, so that its kernel is singular');
      }
      factor.append(columns);
    }
    return factor.logDeterminant;
  },
});
