import { describe, expect, it } from 'vitest';
import { benchmarkTraining } from './training.js';

const printing = (document: unknown) => `node -e 'console.log(${JSON.stringify(JSON.stringify(document))})'`;

describe('benchmarkTraining', () => {
  it('times networks beside another engine', async () => {
    const results = [
      { network: 'mobile-16', imagesPerSecond: 50 },
      { network: 'resnet-16', imagesPerSecond: 200 },
    ];
    const against = printing({ engine: 'Other 1.0', threads: 1, results });
    const networks = ['mobile-16', 'resnet-16'];
    const benchmark = await benchmarkTraining({ networks, threads: 1, steps: 2, against });
    expect(benchmark).toMatchObject({ threads: 1, steps: 2, against: { engine: 'Other 1.0', threads: 1 } });
    expect(benchmark.results.map(({ network }) => network)).toEqual(networks);
    // As `pytorch_training.py` counts the same networks.
    expect(benchmark.results.map(({ parameters, batch, against }) => [parameters, batch, against])).toEqual([
      [66_378, 64, 50],
      [175_258, 64, 200],
    ]);
    const [first, second] = benchmark.results;
    expect(first?.ratio).toBeCloseTo((first?.imagesPerSecond ?? 0) / 50);
    expect(benchmark.geometricMeanRatio).toBeCloseTo(Math.sqrt((first?.ratio ?? 0) * (second?.ratio ?? 0)));
  });

  it('runs the other command for each network where it says so', async () => {
    const against = `node -e 'console.log(JSON.stringify({engine: "O", results: [{network: "{network}", imagesPerSecond: 10}]}))'`;
    const { results } = await benchmarkTraining({ networks: ['mobile-16'], threads: 1, steps: 2, against });
    expect(results[0]?.against).toBe(10);
  });

  it.each([
    ['exit 3', 'failed with exit status 3'],
    ['echo nothing', 'printed something else than its results'],
    ['true', 'printed nothing'],
    [printing({ engine: 'Other', results: [] }), 'must print {"engine"'],
  ])('says what is wrong with the command %s', async (against, sentence) => {
    await expect(benchmarkTraining({ networks: ['mobile-16'], threads: 1, steps: 2, against })).rejects.toThrow(
      sentence,
    );
  });
});
