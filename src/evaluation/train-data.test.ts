import { expect, it, vi } from 'vitest';
import { evaluationRequest, silentJob } from '../../test/evaluation/request.js';
import { loadDataset } from '../data/load.js';
import { WorkError } from '../error.js';
import { flatten, linear } from '../nn/layers/index.js';
import { Network } from '../nn/network.js';
import { train } from './train.js';

vi.mock('../data/load.js', { spy: true });

it('loads the images of a study once, and again only where that failed', async () => {
  const network = Network.build({ channels: 1, height: 8, width: 8 }, (image) => linear(flatten(image), { out: 10 }));
  const settings = { epochs: 1, subset: 64, batchSize: 32, validSubset: 20 };
  const evaluate = () => train.create(settings).evaluate(evaluationRequest(network, settings), silentJob());
  vi.mocked(loadDataset).mockRejectedValueOnce(new WorkError('The disk is asleep.'));
  await expect(evaluate()).rejects.toThrow('The disk is asleep.');
  await expect(evaluate()).resolves.toMatchObject({ metrics: { epochs: 1 } });
  await evaluate();
  expect(loadDataset).toHaveBeenCalledTimes(2);
});
